//! What the extend code of a setup result says: `0x4000D` is phase 4, operation 0xD.
//!
//! The tables are those that Windows setup documents for the second half of `0xC1900101 - 0x4000D`.

use crate::lang::Localized;

/// Phase and operation of an extend code; nothing for a number that is none.
pub(super) fn decode(extend: u32) -> Option<(Localized, Localized)> {
    (extend >> 16 <= 6 && extend & 0xFFFF <= 0x20).then(|| (phase(extend >> 16), operation(extend & 0xFFFF)))
}

/// The phase of a setup extend code: its high half.
fn phase(phase: u32) -> Localized {
    let (zh, en) = match phase {
        1 => ("下层系统阶段", "down-level"),
        2 => ("SafeOS 阶段", "SafeOS"),
        3 => ("首次启动阶段", "first boot"),
        4 => ("OOBE 启动阶段", "OOBE boot"),
        5 => ("卸载阶段", "uninstall"),
        _ => ("未知阶段", "unknown phase"),
    };
    Localized::new(zh, en)
}

/// The operation of a setup extend code: its low half.
fn operation(operation: u32) -> Localized {
    const OPERATIONS: [(&str, &str); 33] = [
        ("未知操作", "unknown operation"),
        ("复制文件", "copy payload"),
        ("下载更新", "download updates"),
        ("安装更新", "install updates"),
        ("安装恢复环境", "install recovery environment"),
        ("安装恢复映像", "install recovery image"),
        ("复制可选组件", "replicate optional components"),
        ("安装驱动", "install drivers"),
        ("准备 SafeOS", "prepare SafeOS"),
        ("准备回滚", "prepare rollback"),
        ("准备首次启动", "prepare first boot"),
        ("准备 OOBE 启动", "prepare OOBE boot"),
        ("应用映像", "apply image"),
        ("迁移数据", "migrate data"),
        ("设置产品密钥", "set product key"),
        ("添加应答文件", "add unattend file"),
        ("添加驱动", "add driver"),
        ("启用功能", "enable feature"),
        ("禁用功能", "disable feature"),
        ("注册异步进程", "register async process"),
        ("注册同步进程", "register sync process"),
        ("创建文件", "create file"),
        ("创建注册表项", "create registry"),
        ("启动", "boot"),
        ("sysprep", "sysprep"),
        ("OOBE", "OOBE"),
        ("开始首次启动", "begin first boot"),
        ("结束首次启动", "end first boot"),
        ("开始 OOBE 启动", "begin OOBE boot"),
        ("结束 OOBE 启动", "end OOBE boot"),
        ("OOBE 之前", "pre-OOBE"),
        ("OOBE 之后", "post-OOBE"),
        ("添加预配包", "add provisioning package"),
    ];
    let at = usize::try_from(operation).unwrap_or(0);
    let (zh, en) = OPERATIONS.get(at).unwrap_or(&OPERATIONS[0]);
    Localized::new(*zh, *en)
}
