namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A stream that is nothing but a stream: what is special about the one inside cannot be seen.</summary>
internal sealed class PlainStream(Stream inner) : WrappingStream(inner);
