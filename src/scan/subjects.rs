//! What the records of a snapshot are about.

use foldhash::HashSet;

/// The subjects of a snapshot, each once: a list of rights names a file with every right.
#[derive(Clone, Debug, Default)]
pub struct Subjects(HashSet<Box<str>>);

impl Subjects {
    /// Adds a subject.
    pub fn add(&mut self, subject: &str) {
        if !self.0.contains(subject) {
            self.0.insert(subject.into());
        }
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|subject| &**subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_once() {
        let mut subjects = Subjects::default();
        assert_eq!(subjects.all().count(), 0);
        for subject in ["", "a", "a", "b", "a"] {
            subjects.add(subject);
        }
        let mut all: Vec<_> = subjects.all().collect();
        all.sort_unstable();
        assert_eq!(all, ["", "a", "b"]);
    }
}
