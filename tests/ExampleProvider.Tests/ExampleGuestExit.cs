namespace VpcComApi.ExampleProvider.Tests;

/// <summary>How a guest of the example provider has ended.</summary>
internal enum ExampleGuestExit
{
    /// <summary>It has shut down, or its machine was turned off or reset.</summary>
    PoweredOff,

    /// <summary>It requests another boot.</summary>
    Restarted,

    /// <summary>It failed.</summary>
    Crashed,
}
