using System.Text;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>A piece of an XML file as it stands there, so that what nobody changes is written back byte for byte.</summary>
internal abstract class XmlSourceNode
{
    /// <summary>Appends the piece's text.</summary>
    /// <param name="output">Where to.</param>
    public abstract void WriteTo(StringBuilder output);

    /// <summary>A copy that can be changed by itself.</summary>
    public abstract XmlSourceNode Clone();
}
