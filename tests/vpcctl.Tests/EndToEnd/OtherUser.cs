using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>Runs commands as another real user of this computer (nobody). Only root can do that.</summary>
internal static class OtherUser
{
    private const string UserId = "65534";

    /// <summary>Connects, sends a message, and prints the result.</summary>
    private const string ConnectScript = """
        use Socket;
        socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die "$!\n";
        connect($socket, pack_sockaddr_un($ARGV[0])) or do { print "refused: $!\n"; exit 1 };
        print "connected\n";
        $SIG{PIPE} = "IGNORE";
        syswrite($socket, "Content-Length: 2\r\n\r\n{}");
        my $read = sysread($socket, my $answer, 100);
        print defined $read && $read > 0 ? "answered\n" : "nothing\n";
        """;

    /// <summary>Listens on a name, until its input ends.</summary>
    private const string ListenScript = """
        use Socket;
        $| = 1;
        socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die "$!\n";
        bind($socket, pack_sockaddr_un($ARGV[0])) or do { print "refused: $!\n"; exit 1 };
        listen($socket, 1) or die "$!\n";
        print "listening\n";
        <STDIN>;
        """;

    /// <summary>Skips the test where that is not possible.</summary>
    public static void Require()
    {
        if (Environment.UserName != "root")
        {
            Assert.Ignore("Only root can try what another user can do.");
        }

        ToolRequirement.Require(ExternalTool.Program("setpriv", "util-linux"), ExternalTool.Program("perl", "perl-base"));
    }

    /// <summary>Runs a command as that user.</summary>
    public static Task<ProgramResult> RunAsync(params IEnumerable<string> command) => RunningProgram.RunAsync("setpriv", As(command));

    /// <summary>Tries to connect to a Unix socket.</summary>
    public static Task<ProgramResult> ConnectAsync(string path) => RunAsync("perl", "-e", ConnectScript, path);

    /// <summary>Tries to listen on a socket's name, as long as the program runs.</summary>
    public static RunningProgram Listen(string path) =>
        RunningProgram.Start(new System.Diagnostics.ProcessStartInfo("setpriv", As(["perl", "-e", ListenScript, path])));

    private static string[] As(IEnumerable<string> command) =>
        ["--reuid", UserId, "--regid", UserId, "--clear-groups", .. command];
}
