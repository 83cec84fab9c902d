using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>A group of measures.</summary>
internal interface ISuite
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Whether it runs only when it is requested by name, because it needs more than the others.</summary>
    bool IsOnRequest => false;

    /// <summary>Runs the measurements.</summary>
    Task<ResultTable> RunAsync(BenchContext context);
}
