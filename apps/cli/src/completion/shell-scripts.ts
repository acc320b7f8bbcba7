/** The shell asks the program each time, so the answer is never out of date. The last word is the one being typed. */
export const SHELL_SCRIPTS = {
  bash: `_tidings() {
  local IFS=$'\\n' found one
  found=($(tidings completion --for -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  COMPREPLY=()
  for one in "\${found[@]}"; do COMPREPLY+=("$(printf '%q' "$one")"); done
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
