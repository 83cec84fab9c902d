using System.CommandLine;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Prints what makes a shell complete vpcctl's command lines.</summary>
internal sealed class CompletionCommand : Command
{
    private const string Bash = """
        _vpcctl() {
            local IFS=$'\n'
            COMPREPLY=()
            local line="${COMP_LINE:0:$COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" candidate
            for candidate in $(vpcctl "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null); do
                case "$candidate" in "${word#[\"\']}"*) COMPREPLY+=("$(printf '%q' "$candidate")") ;; esac
            done
        }
        complete -F _vpcctl vpcctl
        """;

    private const string Zsh = """
        #compdef vpcctl
        _vpcctl() {
            local -a candidates
            candidates=("${(@f)$(vpcctl "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- "${candidates[@]}"
        }
        # As a file in fpath this text is the function's body, and its first call completes; in a start file it registers the function.
        if [[ "$funcstack[1]" == _vpcctl ]]; then
            _vpcctl "$@"
        else
            compdef _vpcctl vpcctl
        fi
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName vpcctl -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            vpcctl "[suggest:$cursorPosition]" "$commandAst" 2>$null | ForEach-Object {
                $text = if ($_ -match '\s') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
                [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
            }
        }
        """;

    private readonly CommandServices services;
    private readonly Argument<string> shell = new("SHELL") { HelpName = "SHELL", Description = "bash, zsh or pwsh." };

    /// <param name="services">What it works with.</param>
    public CompletionCommand(CommandServices services)
        : base("completion", "Print a script that makes a shell complete commands, options and machine names.")
    {
        this.services = services;
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        Add(shell);
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        services.Terminal.WriteRaw(line.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => PowerShell,
        });
        return (int)ExitCode.Done;
    }
}
