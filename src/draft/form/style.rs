//! How pages and mails look: a style sheet for pages, and the same in single attributes for mails, whose readers drop
//! style sheets.

/// The style sheet of a page: light, dark, and on paper. Nothing is loaded from anywhere.
pub(super) const PAGE: &str = "\
:root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6577;--page:#fff;--ground:#f3f5f8;--line:#d8dde6;--mark:#0b57a4;--log:#f6f8fa;--run:#fff7e6;--bad:#b3261e;--good:#1b6e3c;--open:#8a5a00}\
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#9aa5b8;--page:#171b22;--ground:#0f1217;--line:#303846;--mark:#7db7f5;--log:#10141a;--run:#241f14;--bad:#f2958d;--good:#84d6a2;--open:#e5b567}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.7 system-ui,\"Segoe UI\",\"Microsoft YaHei\",\"PingFang SC\",\"Noto Sans CJK SC\",sans-serif}\
main{max-width:54rem;margin:2rem auto;padding:2rem 2.5rem;background:var(--page);border:1px solid var(--line);border-radius:8px}\
header{border-bottom:1px solid var(--line);margin-bottom:1.5rem;padding-bottom:1rem}\
h1{font-size:1.25rem;line-height:1.4;margin:0 0 .25rem;overflow-wrap:anywhere}\
h2{font-size:1.05rem;margin:1.8rem 0 .5rem}\
p{margin:.5rem 0;overflow-wrap:anywhere}\
.meta{color:var(--soft);font-size:.9rem;margin:0}\
.item{padding-left:1.9em;text-indent:-1.9em;margin:.3rem 0}\
.item .mark{display:inline-block;min-width:1.6em;text-indent:0}\
.wide{padding-left:2.9em;text-indent:-2.9em}\
.wide .mark{min-width:2.9em}\
.d1{margin-left:1.9em}.d2{margin-left:3.8em}pre.command.d1{margin-left:4.8em}\
.top{margin-top:1rem;font-weight:600}\
pre{margin:0;font:13px/1.6 \"Cascadia Mono\",Consolas,Menlo,\"Noto Sans Mono CJK SC\",monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}\
details{border:1px solid var(--line);border-left:3px solid var(--mark);border-radius:4px;margin:.5rem 0;background:var(--log)}\
summary{cursor:pointer;padding:.35rem .8rem;color:var(--soft);font:13px/1.6 \"Cascadia Mono\",Consolas,Menlo,monospace;overflow-wrap:anywhere}\
details pre{padding:.1rem .8rem .6rem}\
pre.command{background:var(--run);border:1px solid var(--line);border-radius:4px;padding:.4rem .8rem;margin:.3rem 0 .6rem}\
table.screen{width:auto;min-width:20rem;max-width:100%;margin-top:.3rem;margin-bottom:.8rem;font-size:.85rem;background:var(--log);border:1px solid var(--soft)}\
table.screen.d1{margin-left:4.8em}\
.screen th{background:var(--line);color:var(--ink);font-weight:600;padding:.25rem .7rem}\
.screen td{border:0;padding:.15rem .7rem}\
.button,.press{border:1px solid var(--soft);border-radius:3px;padding:0 .5em;background:var(--page)}\
.press{border-color:var(--mark);box-shadow:0 0 0 1px var(--mark)}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}\
th{color:var(--soft);font-weight:500}\
.confirmed{color:var(--bad)}.excluded{color:var(--good)}.open,.undetermined{color:var(--open)}\
footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.6rem;color:var(--soft);font-size:.85rem}\
@media (max-width:40rem){main{margin:0;border:0;border-radius:0;padding:1.2rem}}\
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--page:#fff;--ground:#fff;--line:#bbb;--log:#fff;--run:#fff;--mark:#666;--bad:#000;--good:#000;--open:#000}main{border:0;margin:0;padding:0;max-width:none}details,pre.command{break-inside:avoid}summary{list-style:none}body{font-size:11pt}pre{font-size:9pt}}";

/// Whether a page is read in a browser or in a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skin {
    /// Classes, with the style sheet.
    Page,
    /// Attributes.
    Mail,
}

/// Names of the elements of a draft, each with its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Running text.
    Text,
    /// A list item, by depth and whether its mark is wide.
    Item(usize, bool),
    /// A heading.
    Heading,
    /// The place of a quotation.
    Place,
    /// The lines of a quotation.
    Quoted,
    /// A command.
    Command,
    /// The drawing of a screen, by depth.
    Screen(usize),
    /// The title of its window.
    Title,
    /// A cell of it.
    Cell,
    /// A button.
    Button,
    /// A button to press.
    Pressed,
}

const FONT: &str = "font-family:'Microsoft YaHei','Segoe UI','PingFang SC',sans-serif;font-size:14px;line-height:1.7";
const MONO: &str = "font-family:Consolas,'Courier New',monospace;font-size:12px;line-height:1.6;white-space:pre-wrap";

impl Skin {
    /// The attribute of an element.
    pub(super) fn attribute(self, look: Look) -> String {
        match self {
            Skin::Page => match look {
                Look::Text | Look::Heading | Look::Place | Look::Quoted | Look::Title | Look::Cell => String::new(),
                Look::Item(0, _) => " class=\"item\"".to_owned(),
                Look::Item(depth, wide) => {
                    format!(" class=\"item{} d{}\"", if wide { " wide" } else { "" }, depth.min(2))
                }
                Look::Command => " class=\"command\"".to_owned(),
                Look::Screen(depth) => format!(" class=\"screen d{}\"", depth.min(2)),
                Look::Button => " class=\"button\"".to_owned(),
                Look::Pressed => " class=\"press\"".to_owned(),
            },
            Skin::Mail => match look {
                Look::Text => format!(" style=\"margin:0 0 8px;{FONT}\""),
                Look::Item(depth, wide) => {
                    let mark = if wide { 36 } else { 22 };
                    let left = 22 * depth.min(2) + mark;
                    format!(" style=\"margin:0 0 4px {left}px;text-indent:-{mark}px;{FONT}\"")
                }
                Look::Heading => format!(" style=\"margin:20px 0 8px;font-weight:bold;{FONT}\""),
                Look::Place => format!(" style=\"margin:8px 0 0;color:#5b6577;{MONO}\""),
                Look::Quoted => {
                    format!(" style=\"margin:0 0 8px;padding:4px 8px;border-left:3px solid #0b57a4;{MONO}\"")
                }
                Look::Screen(depth) => {
                    let left = 22 + 36 * depth.min(2);
                    format!(
                        " cellspacing=\"0\" cellpadding=\"0\" style=\"margin:4px 0 8px {left}px;border:1px solid #7a8599\""
                    )
                }
                Look::Title => {
                    format!(" align=\"left\" style=\"padding:2px 10px;background:#dfe4ec;color:#1c2330;{FONT}\"")
                }
                Look::Cell => format!(" style=\"padding:1px 10px;{FONT}\""),
                Look::Button => " style=\"border:1px solid #7a8599;padding:0 6px\"".to_owned(),
                Look::Pressed => " style=\"border:2px solid #0b57a4;padding:0 6px\"".to_owned(),
                Look::Command => {
                    format!(" style=\"margin:4px 0 8px 22px;padding:4px 8px;border:1px solid #c8cdd6;{MONO}\"")
                }
            },
        }
    }
}
