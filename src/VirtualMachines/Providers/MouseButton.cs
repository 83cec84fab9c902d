namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The buttons of a mouse. The numbers are the contract's.</summary>
public enum MouseButton
{
    /// <summary>Left.</summary>
    Left = 1,

    /// <summary>Right.</summary>
    Right = 2,

    /// <summary>Middle.</summary>
    Center = 3,
}
