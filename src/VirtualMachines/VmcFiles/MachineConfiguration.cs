using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// One machine's .vmc file, typed. What is missing in the file has a default; a machine with a wrong value in it is not used
/// (<see cref="Check"/>).
/// </summary>
/// <param name="file">The file.</param>
internal sealed class MachineConfiguration(ValueFile file)
{
    /// <summary>Memory of a new machine, in megabytes: what Windows XP Mode had.</summary>
    public const int DefaultMemoryMegabytes = 512;

    /// <summary>The least memory, in megabytes.</summary>
    public const int MinimumMemoryMegabytes = 4;

    /// <summary>The most memory, in megabytes.</summary>
    public const int MaximumMemoryMegabytes = 3712;

    /// <summary>The longest notes, in characters.</summary>
    public const int MaximumNotesLength = 65_536;

    private const string FormatVersion = "2.0";

    /// <summary>Where a new machine has its DVD drive: first on the second bus, as Virtual PC had it.</summary>
    private static readonly DriveLocation FirstDvdDrive = new(1, 0);

    /// <summary>The document that was found good last: a file that has not changed is not looked through again.</summary>
    private XmlValueDocument? good;

    /// <summary>The file.</summary>
    public ValueFile File { get; } = file;

    /// <summary>Whether the file can be read now, be its values such as their keys take or not.</summary>
    public bool IsReadable
    {
        get
        {
            try
            {
                _ = File.Current;
                return true;
            }
            catch (VirtualMachineException)
            {
                return false;
            }
        }
    }

    /// <summary>Reads the file, to see whether the machine can be used.</summary>
    /// <exception cref="VirtualMachineException">
    /// The file cannot be read, or <see cref="VirtualMachineError.IllegalValue"/>: a value in it is none that its key takes.
    /// </exception>
    public void Check()
    {
        XmlValueDocument current = File.Current;
        if (current == good)
        {
            return;
        }

        if (ConfigurationCheck.FindFault(current) is { } fault)
        {
            throw new VirtualMachineException(
                VirtualMachineError.IllegalValue,
                $"The file {File.Path} cannot be used: {fault} Correct the value, or remove its element to have the default.");
        }

        good = current;
    }

    /// <summary>A new machine's configuration: it has its id and asset tag, and no other identity before its first start.</summary>
    /// <param name="provider">The provider that runs it, or null for the application's default one.</param>
    public static XmlValueDocument CreateDocument(string? provider)
    {
        XmlValueDocument document = XmlValueDocument.Create(ConfigurationKeys.Root, ConfigurationKeys.Comment);
        Set(document, ConfigurationKeys.Version, FormatVersion);
        Set(document, ConfigurationKeys.Memory, DefaultMemoryMegabytes);
        Set(document, ConfigurationKeys.ChassisAssetTag, FirmwareTexts.NewSerialNumber());
        Set(document, ConfigurationKeys.UndoEnabled, false);
        Set(document, ConfigurationKeys.UndoAction, (int)UndoAction.Keep);
        ConfigurationIds.Write(document, Guid.NewGuid());
        Set(document, FirstDvdDrive.TypeKey, (int)MachineDriveType.Dvd);
        if (provider is not null)
        {
            Set(document, ConfigurationKeys.Provider, provider);
        }

        // As Windows XP Mode has it: one card, behind address translation.
        AddNetworkCard(document);
        Set(document, ConfigurationKeys.OfNetworkCard(0, ConfigurationKeys.NetworkId), FixedNetworks.SharedId);
        Set(document, ConfigurationKeys.OfNetworkCard(0, ConfigurationKeys.NetworkName), FixedNetworks.SharedName);

        return document;
    }

    /// <summary>
    /// The numbers of a machine's network cards, from 0 to 3, ascending. A card is an element that the count reaches: real files keep the
    /// element of a card that was removed, and count 0. A count that is missing or no number limits nothing, and one without as many
    /// elements makes none.
    /// </summary>
    /// <param name="document">The machine's values.</param>
    public static IReadOnlyList<int> ReadNetworkCards(XmlValueDocument document) =>
    [
        .. document.ReadIds(ValuePath.Parse(ConfigurationKeys.NetworkCards))
            .Select(id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)
            .Where(number => number is >= 0 and < MachineLimits.NetworkCards)
            .Distinct()
            .Order()
            .Take(document.TryGetValue(
                ConfigurationKeys.NetworkCardCount, out object? count) && count is int and >= 0 ? (int)count : MachineLimits.NetworkCards),
    ];

    /// <summary>
    /// Adds a network card that is attached to no network and has no address yet. What is left of a card of its number is overwritten.
    /// </summary>
    /// <param name="document">The machine's values.</param>
    /// <returns>Its number, or null when there are as many cards as can be.</returns>
    public static int? AddNetworkCard(XmlValueDocument document)
    {
        IReadOnlyList<int> cards = ReadNetworkCards(document);
        if (cards.Count >= MachineLimits.NetworkCards)
        {
            return null;
        }

        // The lowest free number comes before what the count does not reach, so the count reaches this card.
        int number = Enumerable.Range(0, MachineLimits.NetworkCards).Except(cards).First();
        Set(document, ConfigurationKeys.NetworkCardCount, cards.Count + 1);
        Set(document, ConfigurationKeys.OfNetworkCard(number, ConfigurationKeys.NetworkId), Array.Empty<byte>());
        Set(document, ConfigurationKeys.OfNetworkCard(number, ConfigurationKeys.NetworkName), string.Empty);
        Set(document, ConfigurationKeys.OfNetworkCard(number, ConfigurationKeys.EthernetAddress), EthernetAddress.None.ToBytes());
        document.Remove(ValuePath.Parse(ConfigurationKeys.StaticAddress(number)));
        return number;
    }

    /// <summary>Removes a network card with all that stands about it.</summary>
    /// <param name="document">The machine's values.</param>
    /// <param name="card">Its number.</param>
    public static void RemoveNetworkCard(XmlValueDocument document, int card)
    {
        int left = ReadNetworkCards(document).Count - 1;
        document.RemoveElement(ValuePath.Parse(ConfigurationKeys.NetworkCard(card)));
        document.Remove(ValuePath.Parse(ConfigurationKeys.StaticAddress(card)));
        Set(document, ConfigurationKeys.NetworkCardCount, left);
    }

    /// <summary>
    /// Gives a configuration that comes from elsewhere its id and asset tag, if it has none. A copy of a registered machine's file gets new
    /// ones, so that nothing that is named by them is shared.
    /// </summary>
    /// <param name="idsInUse">The ids of the other machines.</param>
    public Guid EnsureIdentity(IReadOnlySet<Guid> idsInUse)
    {
        Guid id = ConfigurationIds.Read(File.Current);
        bool isCopy = idsInUse.Contains(id);
        if (id != Guid.Empty && !isCopy && Text(ConfigurationKeys.ChassisAssetTag).Length > 0)
        {
            return id;
        }

        return File.Update(document =>
        {
            // Another process may have given it one meanwhile.
            id = ConfigurationIds.Read(document);
            isCopy = idsInUse.Contains(id);
            if (id == Guid.Empty || isCopy)
            {
                id = Guid.NewGuid();
                ConfigurationIds.Write(document, id);
            }

            if (isCopy || Text(document, ConfigurationKeys.ChassisAssetTag).Length == 0)
            {
                Set(document, ConfigurationKeys.ChassisAssetTag, FirmwareTexts.NewSerialNumber());
            }

            if (isCopy)
            {
                ForgetGeneratedAddresses(document);
            }

            return id;
        });
    }

    /// <summary>The machine's identity, with what a first start has to generate.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: a text in the file is not usable as it stands.
    /// </exception>
    public FirmwareIdentity EnsureFirmwareIdentity()
    {
        XmlValueDocument current = File.Current;
        string[] keys =
        [
            ConfigurationKeys.BiosGuid, ConfigurationKeys.BiosSerialNumber, ConfigurationKeys.BaseBoardSerialNumber,
            ConfigurationKeys.ChassisSerialNumber, ConfigurationKeys.ChassisAssetTag,
        ];
        if (keys.Any(key => Text(current, key).Length == 0))
        {
            current = File.Update(document =>
            {
                // One number for BIOS, board and chassis, another for the tag: so do Virtual Server and Hyper-V.
                string serialNumber = FirmwareTexts.NewSerialNumber();
                foreach (string key in keys.Where(key => Text(document, key).Length == 0))
                {
                    Set(document, key, key switch
                    {
                        ConfigurationKeys.BiosGuid => FirmwareTexts.NewGuid(),
                        ConfigurationKeys.ChassisAssetTag => FirmwareTexts.NewSerialNumber(),
                        _ => serialNumber,
                    });
                }

                return document;
            });
        }

        return new FirmwareIdentity(
            Guid.TryParse(Text(current, ConfigurationKeys.BiosGuid), out Guid guid) ? guid : throw Unusable(ConfigurationKeys.BiosGuid),
            Usable(ConfigurationKeys.BiosSerialNumber),
            Usable(ConfigurationKeys.BaseBoardSerialNumber),
            Usable(ConfigurationKeys.ChassisSerialNumber),
            Usable(ConfigurationKeys.ChassisAssetTag));

        string Usable(string key)
        {
            string text = Text(current, key);
            return FirmwareTexts.IsUsable(text) ? text : throw Unusable(key);
        }

        VirtualMachineException Unusable(string key) => new(
            VirtualMachineError.InvalidArgument,
            $"The value '{key}' in {File.Path} is not usable. Correct it, or remove it to have a new one generated.");
    }

    /// <summary>Gives each network card an Ethernet address that is to have a generated one and has none.</summary>
    /// <param name="taken">The addresses of other machines' cards.</param>
    public void EnsureEthernetAddresses(IReadOnlySet<EthernetAddress> taken)
    {
        if (!CardsWithoutAddress(File.Current).Any())
        {
            return;
        }

        File.Update(document =>
        {
            HashSet<EthernetAddress> used = [.. taken];
            foreach (int card in CardsWithoutAddress(document).ToList())
            {
                EthernetAddress address;
                do
                {
                    // A range of 16 million for at most 4,000 cards: the second try is the last in practice.
                    address = EthernetAddress.Generate();
                }
                while (!used.Add(address));
                Set(document, ConfigurationKeys.OfNetworkCard(card, ConfigurationKeys.EthernetAddress), address.ToBytes());
            }
        });
    }

    /// <summary>A text, or an empty one.</summary>
    /// <param name="key">The value's path.</param>
    public string Text(string key) => Text(File.Current, key);

    /// <summary>A number, or a default.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="missing">The default.</param>
    public int Number(string key, int missing) =>
        File.Current.TryGetValue(key, out object? value) && value is int number ? number : missing;

    /// <summary>A yes or no, or a default.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="missing">The default.</param>
    public bool Flag(string key, bool missing) => File.Current.TryGetValue(key, out object? value) && value is bool flag ? flag : missing;

    /// <summary>Writes one value.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="value">The value.</param>
    public void Set(string key, object value) => File.Update(document => Set(document, key, value));

    /// <summary>Removes one value, if it is there.</summary>
    /// <param name="key">The value's path.</param>
    public void Remove(string key) => File.Update(document => document.Remove(ValuePath.Parse(key)));

    private static IEnumerable<int> CardsWithoutAddress(XmlValueDocument document) =>
        ReadNetworkCards(document).Where(card => IsDynamic(document, card) && AddressOf(document, card).Equals(EthernetAddress.None));

    private static void ForgetGeneratedAddresses(XmlValueDocument document)
    {
        foreach (int card in ReadNetworkCards(document).Where(card => IsDynamic(document, card)))
        {
            Set(document, ConfigurationKeys.OfNetworkCard(card, ConfigurationKeys.EthernetAddress), EthernetAddress.None.ToBytes());
        }
    }

    private static bool IsDynamic(XmlValueDocument document, int card) =>
        !(document.TryGetValue(ConfigurationKeys.StaticAddress(card), out object? isStatic) && isStatic is true);

    private static EthernetAddress AddressOf(XmlValueDocument document, int card) =>
        document.TryGetValue(ConfigurationKeys.OfNetworkCard(card, ConfigurationKeys.EthernetAddress), out object? value)
            && value is byte[] bytes
            ? EthernetAddress.FromBytes(bytes)
            : EthernetAddress.None;

    private static string Text(XmlValueDocument document, string key) =>
        document.TryGetValue(key, out object? value) && value is string text ? text : string.Empty;

    private static void Set(XmlValueDocument document, string key, object value) => document.Set(ValuePath.Parse(key), value);
}
