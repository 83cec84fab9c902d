using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Registration;
using VpcComApi.ComServer.Security;
using VpcComApi.ComServer.Verification.Checks;
using VpcComApi.Interop;
using VpcComApi.Platform.Wine;

namespace VpcComApi.ComServer.Verification;

/// <summary>Carries out /Verify: what could not be tried where this program was made is looked at on the machine where it runs.</summary>
internal static class Verifier
{
    /// <summary>The report's file when none is named, in the present folder.</summary>
    public const string DefaultFile = "vpc-verify.txt";

    /// <summary>How long one check may take. The longest waits for servers to start and to end, which a busy machine draws out.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromMinutes(4);

    /// <summary>Runs all checks.</summary>
    /// <param name="file">The report's file, which is written anew.</param>
    /// <param name="output">Where the report goes besides.</param>
    /// <returns><see cref="ExitCode.Done"/> when no check failed.</returns>
    public static ExitCode Verify(string file, TextWriter output)
    {
        using StreamWriter written = new(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        VerificationReport report = new([output, written], ReportRedaction.OfThisMachine);
        int leftovers = VerificationRegistration.RemoveLeftovers();
        using ComApartment apartment = new();
        ServerSecurity.Apply(ServerSecurity.DynamicCloaking);
        using VerificationServers servers = VerificationServers.Register();
        report.Head("Report of vpc.exe /Verify", Facts(leftovers));
        return new VerificationRunner(AllChecks(servers), WineHost.IsPresent, CheckLimit).Run(report) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Every check, in the order in which they are run.</summary>
    public static IReadOnlyList<IVerificationCheck> AllChecks(VerificationServers servers) =>
    [
        new RegistrationCheck(),
        new TypeLibraryFileCheck(),
        new TypeLibraryViewsCheck(),
        new ProgramFolderCheck(),
        new DataFolderCheck(),
        new EventSourceCheck(),
        new ReadyEventCheck(),
        new ReadyEventPermissionsCheck(),
        new PipePermissionsCheck(),
        new RemotePipeCheck(),
        new ShortPipeClientCheck(),
        new LastPipeBytesCheck(),
        new PerUserRegistrationCheck(servers.Session),
        new ActivationCheck(servers),
        new ServerIdentityCheck(servers),
        new CallPermissionsCheck(servers.Session),
        new LaunchPermissionsCheck(servers.Session),
        new TwoElevationsCheck(servers),
        new Client32BitCheck(servers.Session),
        new FastRundownCheck(servers),
        new SuspendedClassCheck(servers),
    ];

    private static IEnumerable<(string Name, string Value)> Facts(int leftovers) =>
    [
        ("product",
            typeof(Verifier).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"),
        ("date", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
        ("system", $"{RuntimeInformation.OSDescription}{(WineHost.IsPresent ? ", which is Wine" : string.Empty)}"),
        ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}"),
        ("process", TokenFacts.OfThisProcess.ToString()),
        ("all users", Registered(RegistrationScope.Machine)),
        ("this user", Registered(RegistrationScope.User)),
        .. leftovers == 0 ? ((string, string)[])[] : [("cleaned", $"what {leftovers} earlier runs had left")],
    ];

    private static string Registered(RegistrationScope scope) =>
        scope.Read($@"CLSID\{Clsids.VMVirtualPC:B}\LocalServer32", string.Empty) is { } command
            ? $"registered: {command}"
            : "not registered";
}
