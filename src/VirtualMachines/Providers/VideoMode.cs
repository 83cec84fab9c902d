namespace VpcComApi.VirtualMachines.Providers;

/// <summary>What a display shows. The numbers are the contract's VMDisplayVideoMode.</summary>
public enum VideoMode
{
    /// <summary>Characters.</summary>
    Text = 0,

    /// <summary>Graphics of 200 lines.</summary>
    Cga = 1,

    /// <summary>Graphics of at most 640 x 480 in 16 colours.</summary>
    Vga = 2,

    /// <summary>Any other graphics.</summary>
    Svga = 3,
}
