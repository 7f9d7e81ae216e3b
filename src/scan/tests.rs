//! Scans over bundles and rules of their own making.
