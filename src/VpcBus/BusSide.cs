namespace VpcComApi.VpcBus;

/// <summary>The two sides of a bus.</summary>
public enum BusSide
{
    /// <summary>The side that runs the machines. It checks everything that it reads.</summary>
    Host = 0,

    /// <summary>The side inside a machine.</summary>
    Guest = 1,
}
