//! `scan --profile`: what a scan cost, for people and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::lang::Lang;
use crate::scan::{Profile, STAGES, Stage};

use super::input::Work;

/// Rules that are shown to people; a program gets all of them.
const SHOWN: usize = 20;

/// What a scan cost.
pub(super) struct Costs<'w> {
    wall: Duration,
    stages: Vec<(Stage, Duration, u64)>,
    /// What could cost anything, the slowest first.
    rules: Vec<RuleCost<'w>>,
}

/// What one rule cost.
#[derive(Default)]
struct RuleCost<'w> {
    name: &'w str,
    /// Of trying its patterns.
    patterns: Duration,
    /// Of asking its conditions.
    conditions: Duration,
    steps: u64,
    tried: u64,
    hits: u64,
}

impl RuleCost<'_> {
    fn time(&self) -> Duration {
        self.patterns + self.conditions
    }
}

impl<'w> Costs<'w> {
    pub(super) fn new(work: &'w Work, profile: &Profile) -> Costs<'w> {
        let stages: Vec<_> = STAGES.iter().map(|stage| (*stage, profile.stage(*stage))).collect();
        let load = profile.stage(Stage::Load).0;
        let rules = work.base.rules.rules.iter().enumerate().map(|(at, rule)| {
            let cost = profile.rule(at);
            let asked = work.diagnosis.asked.iter().filter(|asked| asked.rule == at);
            let (conditions, steps) =
                asked.fold((Duration::ZERO, 0), |(time, steps), asked| (time + asked.time, steps + asked.steps));
            let (name, patterns) = (rule.name.as_str(), cost.time);
            RuleCost { name, patterns, conditions, steps, tried: cost.tried, hits: cost.hits }
        });
        let mut rules: Vec<_> = rules.filter(|rule| rule.tried > 0 || rule.steps > 0).collect();
        rules.sort_by(|a, b| b.time().cmp(&a.time()).then_with(|| a.name.cmp(b.name)));
        Costs {
            // The knowledge base was read before the clock began to run.
            wall: profile.elapsed() + load,
            stages: stages.into_iter().map(|(stage, (time, things))| (stage, time, things)).collect(),
            rules,
        }
    }

    /// For programs: times in nanoseconds.
    pub(super) fn json(&self) -> Value {
        json!({
            "wall_ns": nanos(self.wall),
            "stages": self.stages.iter().map(|(stage, time, things)| json!({
                "stage": stage.key(),
                "ns": nanos(*time),
                "count": things,
            })).collect::<Vec<_>>(),
            "rules": self.rules.iter().map(|rule| json!({
                "rule": rule.name,
                "ns": nanos(rule.time()),
                "patterns_ns": nanos(rule.patterns),
                "conditions_ns": nanos(rule.conditions),
                "steps": rule.steps,
                "tried": rule.tried,
                "hits": rule.hits,
            })).collect::<Vec<_>>(),
        })
    }

    /// For people. Figures stand before words, so that columns hold in both languages.
    pub(super) fn human(&self, lang: Lang) -> String {
        let mut text = String::new();
        let all: Duration = self.stages.iter().map(|(_, time, _)| *time).sum();
        let wall = millis(self.wall);
        let _ = match lang {
            Lang::Zh => writeln!(text, "\n耗时 {wall}；各阶段（多线程时为各线程之和）："),
            Lang::En => writeln!(text, "\nIt took {wall}; by stage (with several threads, those of all added up):"),
        };
        for (stage, time, things) in &self.stages {
            let share = time.as_secs_f64() * 100.0 / all.as_secs_f64().max(f64::MIN_POSITIVE);
            let _ = writeln!(text, "  {:>12} {share:>5.1} %  {:>12}  {}", millis(*time), things, said(*stage, lang));
        }
        let shown = self.rules.len().min(SHOWN);
        let _ = match lang {
            Lang::Zh => {
                writeln!(text, "\n规则，最慢的在前（{shown}/{}）：试配、条件、试过的记录、命中", self.rules.len())
            }
            Lang::En => writeln!(
                text,
                "\nRules, the slowest first ({shown} of {}): patterns, conditions, records tried, hits",
                self.rules.len()
            ),
        };
        for rule in self.rules.iter().take(SHOWN) {
            let (patterns, conditions) = (millis(rule.patterns), millis(rule.conditions));
            let _ =
                writeln!(text, "  {patterns:>12} {conditions:>12} {:>10} {:>10}  {}", rule.tried, rule.hits, rule.name);
        }
        text
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}

/// A stage, and what is counted in it.
fn said(stage: Stage, lang: Lang) -> &'static str {
    let (zh, en) = match stage {
        Stage::Load => ("读取知识库：规则数", "load the knowledge base: rules"),
        Stage::Open => ("打开与解压：文件数", "open and unpack: files"),
        Stage::Prepare => ("准备要查找的内容", "prepare what to look for"),
        Stage::Read => ("读取：字节数", "read: bytes"),
        Stage::Decode => ("解码与切块", "decode and cut"),
        Stage::Filter => ("粗筛：可能之处", "filter: places that may be hits"),
        Stage::Frame => ("切出记录：记录数", "frame: records"),
        Stage::Verify => ("试配：命中数", "verify: hits"),
        Stage::Diagnose => ("诊断：发现数", "diagnose: findings"),
        Stage::Render => ("输出：字节数", "render: bytes"),
    };
    if lang == Lang::Zh { zh } else { en }
}
