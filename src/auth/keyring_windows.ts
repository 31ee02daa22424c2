/**
 * The credential manager of Windows by PowerShell, which can call `CredReadW` and
 * `CredWriteW`; `cmdkey` cannot read. Generic credentials as Python's `keyring`
 * makes them: the target is the host, the text is UTF-16.
 */
import { Buffer } from "node:buffer";
import { failureOf, type KeyringTool, type RunTool } from "./keyring_tool.ts";

/** The scripts end with it where there is no such entry. */
const NOT_FOUND = 44;

/** Of the user who runs the program. */
export const windowsKeyring: KeyringTool = {
  name: "PowerShell",
  program: "powershell.exe",

  async find({ host, user }, run) {
    const result = await powershell(READ, { host, user }, "", run);
    if (result.code === NOT_FOUND) return { without: "" };
    if (result.code !== 0) return { without: failureOf(result) };
    const text = new TextDecoder().decode(result.stdout).trim();
    return { password: Buffer.from(text, "base64").toString("utf16le") };
  },

  async store({ host, user }, password, run) {
    const text = Buffer.from(password, "utf16le").toString("base64");
    const result = await powershell(WRITE, { host, user }, `${text}\n`, run);
    return result.code === 0
      ? undefined
      : failureOf(result).replaceAll(text, "***");
  },
};

function powershell(
  script: string,
  { host, user }: { host: string; user: string },
  input: string,
  run: RunTool,
) {
  const encoded = Buffer.from(script, "utf16le").toString("base64");
  return run({
    command: [
      "powershell.exe",
      ...["-NoProfile", "-NonInteractive", "-EncodedCommand", encoded],
    ],
    input,
    // Names go by the environment: nothing of them is taken for script.
    env: { OFFLINEIMAP_KEYRING_HOST: host, OFFLINEIMAP_KEYRING_USER: user },
  });
}

/** Else PowerShell would wrap its words in XML. */
const CATCH = `} catch {
[Console]::Error.WriteLine($_.Exception.GetBaseException().Message)
exit 1
}
`;

/** `CREDENTIALW` and the three functions, of advapi32.dll. */
const TYPES = `
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
try {
Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
public static class Vault {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  public struct Credential {
    public uint Flags; public uint Type; public string TargetName;
    public string Comment;
    public System.Runtime.InteropServices.ComTypes.FILETIME LastWritten;
    public uint CredentialBlobSize; public IntPtr CredentialBlob;
    public uint Persist; public uint AttributeCount; public IntPtr Attributes;
    public string TargetAlias; public string UserName;
  }
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  public static extern bool CredReadW(string target, uint type, uint flags, out IntPtr credential);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  public static extern bool CredWriteW(ref Credential credential, uint flags);
  [DllImport("advapi32.dll")]
  public static extern void CredFree(IntPtr credential);
  public static byte[] Read(string target, string user) {
    IntPtr found;
    if (!CredReadW(target, 1, 0, out found)) {
      int error = Marshal.GetLastWin32Error();
      if (error == 1168) return null;
      throw new System.ComponentModel.Win32Exception(error);
    }
    try {
      Credential entry = (Credential) Marshal.PtrToStructure(found, typeof(Credential));
      if (entry.UserName != user) return null;
      byte[] bytes = new byte[entry.CredentialBlobSize];
      if (bytes.Length > 0) Marshal.Copy(entry.CredentialBlob, bytes, 0, bytes.Length);
      return bytes;
    } finally { CredFree(found); }
  }
  public static void Write(string target, string user, byte[] bytes) {
    Credential entry = new Credential();
    entry.Type = 1; entry.TargetName = target; entry.UserName = user;
    entry.Persist = 3; entry.CredentialBlobSize = (uint) bytes.Length;
    entry.CredentialBlob = Marshal.AllocHGlobal(Math.Max(1, bytes.Length));
    try {
      Marshal.Copy(bytes, 0, entry.CredentialBlob, bytes.Length);
      if (!CredWriteW(ref entry, 0))
        throw new System.ComponentModel.Win32Exception(Marshal.GetLastWin32Error());
    } finally { Marshal.FreeHGlobal(entry.CredentialBlob); }
  }
}
'@
$target = $env:OFFLINEIMAP_KEYRING_HOST
$user = $env:OFFLINEIMAP_KEYRING_USER
`;

/** Of two users on one host Python's package keeps the second as user@host. */
const READ = `${TYPES}
$bytes = [Vault]::Read($target, $user)
if ($null -eq $bytes) { $bytes = [Vault]::Read("$user@$target", $user) }
if ($null -eq $bytes) { exit ${NOT_FOUND} }
[Console]::Out.Write([Convert]::ToBase64String($bytes))
exit 0
${CATCH}`;

const WRITE = `${TYPES}
$bytes = [Convert]::FromBase64String([Console]::In.ReadLine())
[Vault]::Write("$user@$target", $user, $bytes)
if ($null -ne [Vault]::Read($target, $user)) { [Vault]::Write($target, $user, $bytes) }
exit 0
${CATCH}`;
