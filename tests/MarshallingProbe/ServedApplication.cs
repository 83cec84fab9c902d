using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.MarshallingProbe;

/// <summary>An application object that implements nothing.</summary>
[GeneratedComClass]
internal sealed partial class ServedApplication() : VMVirtualPCBase(new NoDispatcher());
