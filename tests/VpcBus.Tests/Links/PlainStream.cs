namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A stream that hides the type of the inner stream.</summary>
internal sealed class PlainStream(Stream inner) : WrappingStream(inner);
