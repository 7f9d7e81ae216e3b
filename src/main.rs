//! The doorbell: everything is in the library.

fn main() -> std::process::ExitCode {
    casebook::cli::main()
}
