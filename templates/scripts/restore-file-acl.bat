@echo off
rem Restores the permissions of one system file, after saving the present ones.
rem   /dry-run  shows what would be done and changes nothing
rem   /undo     puts the saved permissions back
setlocal EnableExtensions DisableDelayedExpansion
set "FILE={{ inf }}"
set "SAVE=%SystemDrive%\Logs\casebook"
set "RUN="
if /i "%~1"=="/dry-run" set "RUN=echo would run:"
for %%I in ("%FILE%") do set "NAME=%%~nxI"
for %%I in ("%FILE%") do set "FOLDER=%%~dpI"

if not exist "%FILE%" goto :no_file
if defined RUN goto :begin
fsutil dirty query %SystemDrive% >nul 2>&1
if errorlevel 1 goto :no_admin
:begin
if /i "%~1"=="/undo" goto :undo

rem 1. Save the permissions once: a second run keeps what the first one saved.
if not exist "%SAVE%" %RUN% mkdir "%SAVE%"
if exist "%SAVE%\%NAME%.acl.txt" goto :change
%RUN% icacls "%FILE%" /save "%SAVE%\%NAME%.acl.txt"
if errorlevel 1 goto :failed

:change
rem 2. Take the Deny entries off and grant what is the default. Accounts by SID: their names differ by language.
%RUN% takeown /f "%FILE%" /a
if errorlevel 1 goto :failed
%RUN% icacls "%FILE%" /remove:d "*S-1-1-0" "*S-1-5-18" "*S-1-5-32-544" "*S-1-5-32-545"
if errorlevel 1 goto :failed
%RUN% icacls "%FILE%" /grant "NT SERVICE\TrustedInstaller:(F)" "*S-1-5-18:(RX)" "*S-1-5-32-544:(RX)" "*S-1-5-32-545:(RX)"
if errorlevel 1 goto :failed
%RUN% icacls "%FILE%" /setowner "NT SERVICE\TrustedInstaller"
if errorlevel 1 goto :failed

rem 3. See that it worked.
icacls "%FILE%"
if defined RUN goto :end
icacls "%FILE%" | find /i "(DENY)" >nul
if not errorlevel 1 goto :denied
echo Done. Saved permissions: "%SAVE%\%NAME%.acl.txt"
goto :end

:undo
if not exist "%SAVE%\%NAME%.acl.txt" goto :nothing_saved
%RUN% icacls "%FOLDER%." /restore "%SAVE%\%NAME%.acl.txt"
if errorlevel 1 goto :failed
icacls "%FILE%"
goto :end

:no_file
echo There is no such file: "%FILE%"
exit /b 2
:no_admin
echo Run this as administrator.
exit /b 5
:nothing_saved
echo Nothing was saved for this file.
exit /b 2
:denied
echo A Deny entry is still there: a policy may set it again.
exit /b 1
:failed
echo The last step failed. /undo puts the saved permissions back.
exit /b 1
:end
endlocal
