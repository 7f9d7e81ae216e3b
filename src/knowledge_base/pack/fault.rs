//! Why a pack cannot be read, in both languages.

use crate::lang::Lang;

/// Why a pack cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackFault {
    /// The system does not give it.
    Io {
        /// What the system says.
        why: String,
    },
    /// It is something else.
    NoPack,
    /// It ends too early.
    Short {
        /// Bytes that it should have, at the least.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// Its checksum is that of other bytes.
    Damaged,
    /// It is written in another form.
    Form {
        /// Its form.
        found: u32,
        /// The form that this program reads.
        own: u32,
    },
    /// It needs a newer program.
    Newer {
        /// The oldest that reads it.
        oldest: String,
        /// This program.
        own: String,
    },
    /// Its checksum is right, and what it holds is no knowledge base.
    Content {
        /// Why.
        why: String,
    },
}

impl PackFault {
    /// What is wrong and what to do about it.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            PackFault::Io { why } => format!("无法读取：{why}"),
            PackFault::NoPack => "既不是知识库文件夹，也不是 `casebook compile` 生成的知识包".to_owned(),
            PackFault::Short { expected, found } => {
                format!("知识包不完整：应有 {expected} 字节，只有 {found} 字节；请重新复制")
            }
            PackFault::Damaged => "知识包已损坏（校验和不符）；请重新复制或重新编译".to_owned(),
            PackFault::Form { found, own } => {
                format!("知识包的格式是第 {found} 版，本程序读取第 {own} 版；请用本程序重新编译")
            }
            PackFault::Newer { oldest, own } => {
                format!("知识包需要 casebook {oldest} 或更新版本，本程序是 {own}；请更新程序")
            }
            PackFault::Content { why } => format!("知识包的内容不是知识库（{why}）；请重新编译"),
        }
    }

    fn en(&self) -> String {
        match self {
            PackFault::Io { why } => format!("cannot be read: {why}"),
            PackFault::NoPack => "neither a knowledge base's folder nor a pack that `casebook compile` made".to_owned(),
            PackFault::Short { expected, found } => {
                format!("the pack ends too early: {found} of {expected} bytes; copy it again")
            }
            PackFault::Damaged => {
                "the pack is damaged (its checksum is another); copy it again or compile it anew".to_owned()
            }
            PackFault::Form { found, own } => {
                format!("the pack is of form {found}, this program reads form {own}; compile it anew with this program")
            }
            PackFault::Newer { oldest, own } => {
                format!("the pack needs casebook {oldest} or later, this is {own}; take a newer program")
            }
            PackFault::Content { why } => format!("what the pack holds is no knowledge base ({why}); compile it anew"),
        }
    }
}
