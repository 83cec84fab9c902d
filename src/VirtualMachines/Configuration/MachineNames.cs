namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The rules for a machine's name.</summary>
internal static class MachineNames
{
    /// <summary>The longest name.</summary>
    public const int MaximumLength = 80;

    private const string IllegalCharacters = "*?:<>/|\\\"";

    /// <summary>Machines' names, like their files' on Windows, differ by more than case.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Checks a name by itself, in the contract's order: missing, too long, illegal characters.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="VirtualMachineException">The refusal.</exception>
    public static void Check(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new VirtualMachineException(VirtualMachineError.ConfigurationWithoutName, "A machine needs a name.");
        }

        if (name.Length > MaximumLength)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ConfigurationNameTooLong,
                $"The name has {name.Length} characters; a machine's name has at most {MaximumLength}.");
        }

        if (name.Any(c => IllegalCharacters.Contains(c, StringComparison.Ordinal) || char.IsControl(c)) || name.Trim('.').Length == 0)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ConfigurationNameInvalidCharacter,
                $"The name '{name}' is not usable. A machine's name names its files: "
                    + "it holds none of * ? : < > / | \\ \" and is not made of dots alone.");
        }
    }
}
