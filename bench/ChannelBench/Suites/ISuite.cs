using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>Measures that belong together.</summary>
internal interface ISuite
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Whether it runs only when it is asked for by name: it wants more than the others.</summary>
    bool IsOnRequest => false;

    /// <summary>Measures.</summary>
    Task<ResultTable> RunAsync(BenchContext context);
}
