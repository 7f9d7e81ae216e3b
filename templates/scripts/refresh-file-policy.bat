@echo off
rem Refreshes the policies of the machine after a file entry was removed from them, and says whether it is gone.
rem   /dry-run  shows what would be done and changes nothing
setlocal EnableExtensions DisableDelayedExpansion
set "FILE={{ inf }}"
set "SAVE=%SystemDrive%\Logs\casebook"
set "RUN="
if /i "%~1"=="/dry-run" set "RUN=echo would run:"
for %%I in ("%FILE%") do set "NAME=%%~nxI"

if defined RUN goto :begin
fsutil dirty query %SystemDrive% >nul 2>&1
if errorlevel 1 goto :no_admin
:begin
if not exist "%SAVE%" %RUN% mkdir "%SAVE%"

rem 1. Save the policy as it is, once.
if exist "%SAVE%\secpol-before.inf" goto :change
%RUN% secedit /export /cfg "%SAVE%\secpol-before.inf"
if errorlevel 1 goto :failed

:change
rem 2. Refresh.
%RUN% gpupdate /force
if errorlevel 1 goto :failed

rem 3. See whether the policy still names the file.
%RUN% secedit /export /cfg "%SAVE%\secpol-after.inf"
if errorlevel 1 goto :failed
if defined RUN goto :end
rem The export is UTF-16; type turns it into what find reads.
type "%SAVE%\secpol-after.inf" | find /i "\%NAME%" >nul
if not errorlevel 1 goto :still_there
echo The security policy does not name the file any more. Restart and install the update.
goto :end

:no_admin
echo Run this as administrator.
exit /b 5
:still_there
echo The security policy still names the file: "%SAVE%\secpol-after.inf"
exit /b 1
:failed
echo The last step failed.
exit /b 1
:end
endlocal
