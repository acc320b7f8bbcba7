/** A shell asks the program itself, each time: what it says is never old. The last word is the one that is typed. */
export const SHELL_SCRIPTS = {
  bash: `_tidings() {
  local IFS=$'\\n'
  COMPREPLY=($(tidings completion --for -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tidings tidings
`,
  zsh: `#compdef tidings
_tidings() {
  local -a found
  found=("\${(@f)$(tidings completion --for -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -- "\${found[@]}" || _files
}
compdef _tidings tidings
`,
  fish: `complete -c tidings -a '(tidings completion --for -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
} as const;

export type Shell = keyof typeof SHELL_SCRIPTS;
