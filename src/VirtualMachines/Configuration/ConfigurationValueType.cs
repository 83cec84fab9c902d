namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The types of values in a .vmc file and in Options.xml. The files say them in the attribute <c>type</c> of an element.</summary>
public enum ConfigurationValueType
{
    /// <summary><c>string</c>.</summary>
    Text,

    /// <summary><c>integer</c>: a whole number of 32 bits.</summary>
    Number,

    /// <summary><c>boolean</c>: <c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary><c>bytes</c>, in hexadecimal.</summary>
    Bytes,
}
