/**
 * What a shell has to load to complete our command lines. All of them ask
 * `offlineimap complete`, see `commands/complete.ts`.
 */

const BASH = `# offlineimap(1) for bash: source <(offlineimap completions bash)
_offlineimap() {
  local current=\${COMP_WORDS[COMP_CWORD]} word about
  COMPREPLY=()
  while IFS=$'\\t' read -r word about; do
    if [[ $word == :files ]]; then
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
    fi
    COMPREPLY+=("$(printf '%q' "$word")")
  done < <("\${COMP_WORDS[0]}" complete \\
    "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current|" 2>/dev/null)
}
complete -F _offlineimap offlineimap
`;

const ZSH = `#compdef offlineimap
# offlineimap(1) for zsh: in a folder of $fpath as _offlineimap,
# or: source <(offlineimap completions zsh)
_offlineimap() {
  local word about
  local -a found
  while IFS=$'\\t' read -r word about; do
    if [[ $word == :files ]]; then
      _files
      return
    fi
    found+=("\${word//:/\\\\:}\${about:+:$about}")
  done < <(\${(Q)words[1]} complete \\
    "\${(@Q)words[2,CURRENT-1]}" "\${(Q)words[CURRENT]}|" 2>/dev/null)
  _describe offlineimap found
}
if [[ $funcstack[1] == _offlineimap ]]; then
  _offlineimap "$@"
else
  compdef _offlineimap offlineimap
fi
`;

const FISH = `# offlineimap(1) for fish: offlineimap completions fish | source
function __offlineimap_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l found ($words[1] complete $words[2..-1] "$current|" 2>/dev/null)
  if test "$found[1]" = :files
    __fish_complete_path "$current"
  else
    printf '%s\\n' $found
  end
end
complete -c offlineimap -f -a '(__offlineimap_complete)'
`;

const POWERSHELL = `# offlineimap for PowerShell, in $PROFILE:
#   offlineimap completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName offlineimap -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | ForEach-Object { "$_" })
  $program, $words = $words
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  & $program complete @words "$wordToComplete|" 2>$null | ForEach-Object {
    $word, $about = $_ -split "\`t", 2
    if ($word -eq ':files') { return }
    if (-not $about) { $about = $word }
    $quoted = if ($word -match '[\\s,;''"$]') {
      "'" + $word.Replace("'", "''") + "'"
    } else { $word }
    [System.Management.Automation.CompletionResult]::new(
      $quoted, $word, 'ParameterValue', $about)
  }
}
`;

/** The scripts by the names of their shells. */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
