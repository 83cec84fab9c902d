using System.Globalization;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Registration;

/// <summary>
/// Every registry key of the server, as one list: what is written is what is removed. All of a key and of what is below it belongs to the
/// server.
/// </summary>
internal sealed class RegistrationPlan
{
    /// <summary>The identifier of the server as an application of COM, which carries its permissions.</summary>
    public const string ApplicationId = "{F24607BD-F66A-4023-9995-17C3259169D9}";

    /// <summary>The ProgID with its version.</summary>
    public const string VersionedProgId = ProgIds.VMVirtualPC + ".1";

    private const string Description = "Virtual PC";

    /// <summary>The value of a /Verify run's ProgID that names the run's folder.</summary>
    public const string VerificationFolder = "Folder";

    private const string VerificationDescription = "A run of vpc.exe /Verify";

    /// <summary>PSOAInterface: oleaut32 carries a dual interface from one process to another by what the type library says of it.</summary>
    private const string DualMarshaller = "{00020424-0000-0000-C000-000000000046}";

    /// <summary>PSDispatch: a dispinterface crosses as plain IDispatch.</summary>
    private const string DispatchMarshaller = "{00020420-0000-0000-C000-000000000046}";

    private const string NeutralLocale = "0";

    private RegistrationPlan(IReadOnlyList<RegistrationKey> keys) => Keys = keys;

    /// <summary>The keys, a key before those below it.</summary>
    public IReadOnlyList<RegistrationKey> Keys { get; }

    /// <summary>The keys that lie below no other: with them, all are removed.</summary>
    public IEnumerable<RegistrationKey> Roots => Keys.Where(key => !Keys.Any(key.IsBelow));

    /// <summary>Lists the keys for a server.</summary>
    /// <param name="serverFile">The full path of vpc.exe.</param>
    /// <param name="launchPermission">Who may start it, as a binary security descriptor.</param>
    /// <param name="accessPermission">Who may call it, as a binary security descriptor.</param>
    public static RegistrationPlan For(string serverFile, byte[] launchPermission, byte[] accessPermission)
    {
        // Windows' paths have backslashes wherever this runs.
        int folderEnd = serverFile.LastIndexOf('\\');
        string folder = serverFile[..folderEnd];
        string program = serverFile[(folderEnd + 1)..];
        return new RegistrationPlan(
        [
            .. ApplicationKeys(program, launchPermission, accessPermission),
            .. ClassKeys(serverFile),
            .. ProgIdKeys(),
            .. TypeLibraryKeys(folder),
            .. ContractInterfaces.All.SelectMany(InterfaceKeys),
        ]);
    }

    /// <summary>
    /// Lists the keys of classes that live for one run of /Verify: they look like the product's own class to COM, under other identifiers.
    /// The ProgID stands first, so that whatever a crash leaves can be found by it.
    /// </summary>
    /// <param name="progId">The ProgID of the first class.</param>
    /// <param name="folder">The run's folder, by which others see whether it goes on.</param>
    /// <param name="serverFile">The full path of vpc.exe.</param>
    /// <param name="classes">The CLSIDs, each with the arguments that the server is started with for it.</param>
    /// <param name="launchPermission">Who may start it, as a binary security descriptor.</param>
    /// <param name="accessPermission">Who may call it, as a binary security descriptor.</param>
    public static RegistrationPlan ForVerification(
        string progId,
        string folder,
        string serverFile,
        IReadOnlyList<(Guid ClassId, string Arguments)> classes,
        byte[] launchPermission,
        byte[] accessPermission)
    {
        string application = Braced(classes[0].ClassId);
        return new RegistrationPlan(
        [
            Key(progId, Default(VerificationDescription), new(VerificationFolder, folder)),
            Key($@"{progId}\CLSID", Default(application)),
            Key(
                $@"AppID\{application}",
                Default(VerificationDescription),
                new("LaunchPermission", launchPermission),
                new("AccessPermission", accessPermission)),
            .. classes.SelectMany(served => (RegistrationKey[])
            [
                Key($@"CLSID\{Braced(served.ClassId)}", Default(VerificationDescription), new("AppID", application)),
                Key(
                    $@"CLSID\{Braced(served.ClassId)}\LocalServer32",
                    Default($"\"{serverFile}\" {served.Arguments}"),
                    new("ServerExecutable", serverFile)),
            ]),
        ]);
    }

    private static IEnumerable<RegistrationKey> ApplicationKeys(string program, byte[] launchPermission, byte[] accessPermission) =>
    [
        Key(
            $@"AppID\{ApplicationId}", Default(Description),
            new("LaunchPermission", launchPermission), new("AccessPermission", accessPermission)),
        Key($@"AppID\{program}", new RegistrationValue("AppID", ApplicationId)),
    ];

    private static IEnumerable<RegistrationKey> ClassKeys(string serverFile)
    {
        string root = $@"CLSID\{Braced(Clsids.VMVirtualPC)}";
        return
        [
            Key(root, Default(Description), new("AppID", ApplicationId)),
            // Quoted, or a path with a space could be taken for a shorter program's with arguments. COM appends -Embedding.
            Key($@"{root}\LocalServer32", Default($"\"{serverFile}\""), new("ServerExecutable", serverFile)),
            Key($@"{root}\ProgID", Default(VersionedProgId)),
            Key($@"{root}\VersionIndependentProgID", Default(ProgIds.VMVirtualPC)),
            Key($@"{root}\TypeLib", Default(Braced(Libid.VirtualPC))),
            Key($@"{root}\Version", Default(LibraryVersion)),
            Key($@"{root}\Programmable"),
        ];
    }

    private static IEnumerable<RegistrationKey> ProgIdKeys() =>
    [
        Key(ProgIds.VMVirtualPC, Default(Description)),
        Key($@"{ProgIds.VMVirtualPC}\CLSID", Default(Braced(Clsids.VMVirtualPC))),
        Key($@"{ProgIds.VMVirtualPC}\CurVer", Default(VersionedProgId)),
        Key(VersionedProgId, Default(Description)),
        Key($@"{VersionedProgId}\CLSID", Default(Braced(Clsids.VMVirtualPC))),
    ];

    private static IEnumerable<RegistrationKey> TypeLibraryKeys(string folder)
    {
        string root = $@"TypeLib\{Braced(Libid.VirtualPC)}";
        string version = $@"{root}\{LibraryVersion}";
        string file = $@"{folder}\{TypeLibrary.FileName}";
        return
        [
            Key(root),
            Key(version, Default(Libid.Name)),
            Key($@"{version}\{NeutralLocale}"),
            // One file serves both: oleaut32 counts slots in pointers of the process that asks.
            Key($@"{version}\{NeutralLocale}\win32", Default(file)),
            Key($@"{version}\{NeutralLocale}\win64", Default(file)),
            Key($@"{version}\FLAGS", Default("0")),
            Key($@"{version}\HELPDIR", Default(folder)),
        ];
    }

    private static IEnumerable<RegistrationKey> InterfaceKeys(ContractInterface contract)
    {
        string root = $@"Interface\{Braced(contract.InterfaceId)}";
        return
        [
            Key(root, Default(contract.Name)),
            Key($@"{root}\ProxyStubClsid32", Default(contract.IsDual ? DualMarshaller : DispatchMarshaller)),
            Key($@"{root}\TypeLib", Default(Braced(Libid.VirtualPC)), new("Version", LibraryVersion)),
        ];
    }

    private static string LibraryVersion => string.Create(CultureInfo.InvariantCulture, $"{Libid.MajorVersion:x}.{Libid.MinorVersion:x}");

    private static string Braced(Guid id) => id.ToString("B").ToUpperInvariant();

    private static RegistrationKey Key(string path, params RegistrationValue[] values) => new(path, values);

    private static RegistrationValue Default(string data) => new(string.Empty, data);
}
