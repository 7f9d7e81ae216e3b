//! One report of group policy in its three forms: a password's age, and a file whose permissions a policy sets.

/// As text; `object` is the label of the file's path.
pub(crate) fn text(object: &str) -> String {
    [
        "RSOP data for EXAMPLE\\operator on HOST : Logging Mode",
        "------------------------------------------------------",
        "",
        "OS Version:                  10.0.17763",
        "",
        "COMPUTER SETTINGS",
        "------------------",
        "    Applied Group Policy Objects",
        "    -----------------------------",
        "        Hardening",
        "",
        "        Account Policies",
        "        ----------------",
        "            GPO: Hardening",
        "                Policy:            MaximumPasswordAge",
        "                Computer Setting:  365",
        "",
        "        User Rights",
        "        -----------",
        "            GPO: Hardening",
        "                Policy:            LoadDriverPrivilege",
        "                Computer Setting:  Administrators",
        "                                   EXAMPLE\\operators",
        "",
        "        Software Installations",
        "        ----------------------",
        "            N/A",
        "",
        "        File System Settings",
        "        --------------------",
        "            GPO: USB Control",
        &format!("                {object}%SystemRoot%\\INF\\usbstor.inf"),
    ]
    .join("\r\n")
}

/// As the page of `/h`.
pub(crate) fn page() -> String {
    let title = |level: &str, title: &str| {
        format!(
            "<div class=\"{level}\"><span class=\"sectionTitle\">{title}</span><a href=\"#\"></a></div>\n<div class=\"container\">"
        )
    };
    [
        "<html dir=\"ltr\" gpmc_reportInitialized=\"false\">\n<head><title>report</title><style>td { color: red }</style>",
        "<script>var strHtml = \"<div class='container'>\" + \"</div>\";</script></head><body>",
        "<table class=\"title\"><tr><td class=\"rsopheader\">Group Policy Results</td></tr></table>",
        &title("he0_expanded", "计算机详细信息"),
        &title("he3", "帐户策略/密码策略"),
        "<div class=\"he4i\"><table class=\"info3\"><tr><th>策略</th><th>设置</th><th>优胜 GPO</th></tr>",
        "<tr><td>密码最长使用期限</td><td>365 天</td><td>Hardening</td></tr></table></div></div>",
        &title("he3", "文件系统"),
        &title("he4h", "%SystemRoot%\\INF\\usbstor.inf"),
        "<div class=\"he4i\"><table class=\"info\"><tr><td><strong>优胜 GPO</strong></td><td>USB Control</td></tr></table>",
        "<table class=\"subtable\"><tr><th>类型</th><th>名称</th><th>权限</th><th>应用于</th></tr>",
        "<tr><td>拒绝</td><td>Everyone</td><td>写入</td><td>只是该文件夹</td></tr>",
        "<tr><td>允许</td><td>BUILTIN\\Users</td><td>读取 &amp; 执行</td><td>只是该文件夹</td></tr></table></div></div></div>",
        &title("he1h_expanded", "应用的 GPO"),
        &title("he2", "Hardening [{11111111-2222-3333-4444-555555555555}]"),
        "<table class=\"info\"><tr><td><strong>链接位置</strong></td><td>example.com<br/>example.com/a</td></tr></table></div></div>",
        "</div></body></html>",
    ]
    .join("\r\n")
}

/// As the document of `/x`.
pub(crate) fn document() -> String {
    "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n\
     <Rsop xmlns=\"http://www.microsoft.com/GroupPolicy/Rsop\">\r\n<ReadTime>2024-10-16T08:43:18Z</ReadTime>\r\n\
     <ComputerResults><Domain>example.com</Domain>\r\n\
     <GPO><Name>Hardening</Name><Path><Identifier xmlns=\"t\">{AAAA1111-2222-3333-4444-555555555555}</Identifier></Path><Enabled>true</Enabled></GPO>\r\n\
     <GPO><Name>USB Control</Name><Path><Identifier xmlns=\"t\">{BBBB1111-2222-3333-4444-555555555555}</Identifier></Path><AccessDenied>false</AccessDenied></GPO>\r\n\
     <ExtensionData><Extension xmlns:q1=\"http://www.microsoft.com/GroupPolicy/Settings/Security\">\r\n\
     <q1:Account><GPO xmlns=\"s\"><Identifier xmlns=\"t\">{aaaa1111-2222-3333-4444-555555555555}</Identifier></GPO><Precedence>1</Precedence>\
     <q1:Name>MaximumPasswordAge</q1:Name><q1:SettingNumber>365</q1:SettingNumber><q1:Type>Password</q1:Type></q1:Account>\r\n\
     <q1:UserRightsAssignment><q1:Name>SeLoadDriverPrivilege</q1:Name><q1:Member><SID>S-1-5-32-544</SID><Name>BUILTIN\\Administrators</Name></q1:Member></q1:UserRightsAssignment>\r\n\
     <q1:File><GPO xmlns=\"s\"><Identifier xmlns=\"t\">{BBBB1111-2222-3333-4444-555555555555}</Identifier></GPO>\
     <q1:Path>%SystemRoot%\\INF\\usbstor.inf</q1:Path><SecurityDescriptor><SDDL>D:PAR(D;;FW;;;WD)(A;;0x1200a9;;;BU)</SDDL></SecurityDescriptor></q1:File>\r\n\
     </Extension><Name>Security</Name></ExtensionData></ComputerResults></Rsop>\r\n"
        .to_owned()
}
