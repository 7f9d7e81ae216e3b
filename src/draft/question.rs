//! What a draft has to be told: the keys of `--set` and how they are asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crate::lang::Lang;

use super::Question;

/// Keys, and the question in both languages.
const QUESTIONS: [(&str, &str, &str); 11] = [
    ("customer.name", "客户如何称呼（例如 甲先生）？", "How is the customer addressed?"),
    ("customer.title", "客户的称谓是什么？", "What is the customer's title?"),
    ("engineer.name", "由谁署名？", "Who signs?"),
    ("organisation.name", "以哪个团队的名义署名？", "Which team signs?"),
    ("organisation.hotline", "技术支持热线是多少？", "What is the support hotline?"),
    ("portal.url", "日志上传的地址是什么？", "Where are logs uploaded?"),
    ("portal.user", "上传系统的用户名是什么？", "What is the user name of the upload portal?"),
    ("portal.password", "上传系统的密码是什么？", "What is the password of the upload portal?"),
    ("case.number", "案例号是什么？", "What is the case number?"),
    ("case.problem", "客户的问题是什么（一句话）？", "What is the customer's problem, in one sentence?"),
    ("case.product", "涉及哪个产品？", "Which product is it about?"),
];

/// Questions asked while a template was rendered, each once, in the order they came up.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    pub(super) fn ask(&self, key: &str) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.iter().any(|known| known == key) {
            asked.push(key.to_owned());
        }
    }

    pub(super) fn questions(&self, lang: Lang) -> Vec<Question> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().map(|key| Question { key: key.clone(), question: wording(key, lang).to_owned() }).collect()
    }
}

fn wording(key: &str, lang: Lang) -> &str {
    let known = QUESTIONS.iter().find(|(known, ..)| *known == key);
    known.map_or(key, |(_, zh, en)| if lang == Lang::Zh { zh } else { en })
}

/// The visible mark that stands for an answer.
pub(super) fn mark(key: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("【请填写 {key}】"),
        Lang::En => format!("[FILL IN: {key}]"),
    }
}
