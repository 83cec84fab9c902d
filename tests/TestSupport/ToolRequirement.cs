using NUnit.Framework;

namespace VpcComApi.TestSupport;

/// <summary>
/// Checks the tools that a test needs. A missing tool fails the test, because a test that silently does nothing proves nothing; only if the
/// set-up could not install a tool, and has reported that, the test is skipped with the reason.
/// </summary>
public static class ToolRequirement
{
    /// <summary>build.sh sets this to 1 when its set-up had to leave something out.</summary>
    public const string AllowSkipVariable = "VPCCOMAPI_ALLOW_SKIP";

    /// <summary>Fails the running test, or leaves it out where that is allowed, when one of the tools is missing.</summary>
    /// <param name="tools">What the test needs.</param>
    public static void Require(params ReadOnlySpan<ExternalTool> tools)
    {
        foreach (ExternalTool tool in tools)
        {
            if (!tool.IsPresent())
            {
                Refuse($"{tool.Name} is missing. Run ./build.sh setup, or install the package {tool.DebianPackage}.");
            }
        }
    }

    /// <summary>Fails the running test, or leaves it out where that is allowed, for a reason of the test's own.</summary>
    /// <param name="reason">What is missing and how to get it.</param>
    public static void Refuse(string reason)
    {
        if (Environment.GetEnvironmentVariable(AllowSkipVariable) == "1")
        {
            Assert.Ignore(reason);
        }

        Assert.Fail(reason);
    }
}
