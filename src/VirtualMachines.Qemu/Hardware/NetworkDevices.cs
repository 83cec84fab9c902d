using System.Globalization;
using System.Text.Json;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// Adds a machine's network cards to QEMU. Each card is connected to a hub of its own inside QEMU: the other connections of a hub can be
/// changed while the machine runs, but that of the card cannot.
/// </summary>
internal static class NetworkDevices
{
    /// <summary>The default model: every Windows from 2000 to 7, and Linux, has a driver for it.</summary>
    public const string DefaultModel = "rtl8139";

    /// <summary>The id of the card's device.</summary>
    /// <param name="card">Its number.</param>
    public static string DeviceId(int card) => Id("card", card);

    /// <summary>The id of the hub's port for the card's network.</summary>
    /// <param name="card">The card's number.</param>
    public static string PlugId(int card) => Id("plug", card);

    /// <summary>The id of the card's network.</summary>
    /// <param name="card">The card's number.</param>
    public static string NetworkId(int card) => Id("network", card);

    /// <summary>Adds the cards. They are not connected to a network yet.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="cards">The cards.</param>
    /// <param name="model">QEMU's name of the model.</param>
    public static void Add(List<string> arguments, IReadOnlyList<MachineNetworkCard> cards, string? model)
    {
        foreach (MachineNetworkCard card in cards)
        {
            string address = string.Join(
                ':', card.Address.GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
            arguments.AddRange(
            [
                "-netdev", string.Create(CultureInfo.InvariantCulture, $"hubport,id={Id("cable", card.Number)},hubid={card.Number}"),
                "-device", $"{CheckModel(model)},id={DeviceId(card.Number)},netdev={Id("cable", card.Number)},mac={address}",
            ]);
        }
    }

    /// <summary>Writes the arguments of QEMU's own network with address translation, to which only this machine is connected.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="card">The card's number.</param>
    public static void WriteShared(Utf8JsonWriter json, int card)
    {
        json.WriteString("type", "user");
        json.WriteString("id", NetworkId(card));
    }

    /// <summary>The socket, in the machine's folder, through which a card reaches the internal network.</summary>
    /// <param name="card">The card's number.</param>
    public static string SocketName(int card) => Id("net", card);

    /// <summary>Writes the arguments of the network between the machines of this process, to which QEMU connects.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="card">The card's number.</param>
    /// <param name="socketPath">The socket of this process.</param>
    public static void WriteInternal(Utf8JsonWriter json, int card, string socketPath)
    {
        json.WriteString("type", "stream");
        json.WriteString("id", NetworkId(card));
        json.WriteBoolean("server", false);
        json.WriteStartObject("addr");
        json.WriteString("type", "unix");
        json.WriteString("path", socketPath);
        json.WriteEndObject();
    }

    /// <summary>Writes the arguments of the hub's port to a network.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="card">The card's number.</param>
    public static void WritePlug(Utf8JsonWriter json, int card)
    {
        json.WriteString("type", "hubport");
        json.WriteString("id", PlugId(card));
        json.WriteNumber("hubid", card);
        json.WriteString("netdev", NetworkId(card));
    }

    private static string Id(string what, int card) => string.Create(CultureInfo.InvariantCulture, $"{what}-{card}");

    /// <summary>Ensures that a model's name cannot contain further options.</summary>
    private static string CheckModel(string? model) => string.IsNullOrEmpty(model) ? DefaultModel
        : model.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? model
        : throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"'{model}' in {QemuKeys.NetworkCard} is not the name of a QEMU network card.");
}
