namespace VpcComApi.VpcBus;

/// <summary>Which end of a bus a connection is.</summary>
public enum BusSide
{
    /// <summary>The side that runs the machines. It trusts nothing it reads.</summary>
    Host = 0,

    /// <summary>The side inside a machine.</summary>
    Guest = 1,
}
