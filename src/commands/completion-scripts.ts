/** Shells that we have a script for. */
export type Shell = "bash" | "zsh" | "fish";

/**
 * Each script asks `steward completion words -- WORDS…` and shows what it answers, a word and a tab and what it is in each
 * line. Where it answers nothing, the shell completes names of files.
 */
export const completionScripts: Record<Shell, string> = {
  bash: `# steward completion bash: source it in ~/.bashrc
_steward() {
  local line word
  local current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    word="\${line%%$'\\t'*}"
    [ -n "$word" ] && COMPREPLY+=("$word")
  done < <(steward completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2>/dev/null)
}
complete -o bashdefault -o default -F _steward steward
`,
  zsh: `# steward completion zsh: source it in ~/.zshrc, after compinit
_steward() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("\${\${line//:/\\\\:}/$'\\t'/:}")
  done < <(steward completion words -- "\${(@)words[2,CURRENT-1]}" "\${words[CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe steward found
  else
    _files
  fi
}
compdef _steward steward
`,
  fish: `# steward completion fish: source it in ~/.config/fish/config.fish
function __steward_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    steward completion words -- $before[2..-1] "$current" 2>/dev/null
end
complete -c steward -a '(__steward_complete)'
`,
};
