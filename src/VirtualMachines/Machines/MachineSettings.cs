using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's settings: what its .vmc file says of it, and the running copy of that.</summary>
internal sealed class MachineSettings
{
    private readonly MachineContext context;
    private readonly MachinePower power;
    private readonly MachineDescription description;

    /// <summary>Makes the settings of a machine.</summary>
    /// <param name="context">What the machine's parts share.</param>
    /// <param name="power">The machine's state.</param>
    /// <param name="description">Shows some of the settings to other programs.</param>
    public MachineSettings(MachineContext context, MachinePower power, MachineDescription description)
    {
        this.context = context;
        this.power = power;
        this.description = description;
        Activation = new ActivationValueStore(
            () => context.Name, () => StateRules.Refusal(MachineOperation.UseActivationValues, power.State) is null);
        Lasting = new FileValueStore(
            () => context.Configuration.File, () => $"the machine '{context.Name}'", VirtualMachineError.InvalidArgument, OnValueChanged);
    }

    /// <summary>The values of the .vmc file.</summary>
    public FileValueStore Lasting { get; }

    /// <summary>The running copy of the values, from start to power-off.</summary>
    public ActivationValueStore Activation { get; }

    /// <inheritdoc cref="VirtualMachine.Notes"/>
    public string Notes
    {
        get => Text(ConfigurationKeys.Notes);
        set
        {
            if (value is null || value.Length > MachineConfiguration.MaximumNotesLength)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"The notes of the machine '{context.Name}' can have 0 to {MachineConfiguration.MaximumNotesLength:N0} characters.");
            }

            Set(MachineOperation.ChangeFreeSetting, ConfigurationKeys.Notes, value);
            description.Write();
        }
    }

    /// <summary>The memory that the configuration says, in megabytes.</summary>
    public int MemoryMegabytes
    {
        get => context.RegisteredConfiguration.Number(ConfigurationKeys.Memory, MachineConfiguration.DefaultMemoryMegabytes);
        set
        {
            CheckMemory(value);
            Set(MachineOperation.ChangeLockedSetting, ConfigurationKeys.Memory, value);
            description.Write();
        }
    }

    /// <inheritdoc cref="VirtualMachine.ShutdownActionOnQuit"/>
    public ShutdownAction ShutdownActionOnQuit
    {
        get => Choice(ConfigurationKeys.ShutdownAction, ShutdownAction.Save);
        set => Set(
            MachineOperation.ChangeFreeSetting,
            ConfigurationKeys.ShutdownAction,
            Enum.IsDefined(value)
                ? (int)value
                : throw new VirtualMachineException(
                    VirtualMachineError.MissingArgument,
                    $"{(int)value} is no shutdown action. Use 0 (save), 1 (turn off) or 2 (shut down)."));
    }

    /// <summary>Renames the machine and its files.</summary>
    /// <param name="name">The new name.</param>
    /// <exception cref="VirtualMachineException">
    /// The name is not usable or taken, the machine is not off, or a file could not be renamed.
    /// </exception>
    public void Rename(string? name)
    {
        if (name is null)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"No new name was given for the machine '{context.Name}'.");
        }

        MachineNames.Check(name);
        power.InTurn(MachineOperation.ChangeLockedSetting, () =>
        {
            using IDisposable guard = context.TakeRunLock(VirtualMachineError.SettingLockedWhileActive);
            string oldName = context.Name;
            MachineFiles renamed = context.Host.Catalogue.Rename(context.Machine, name);
            context.Rename(renamed, context.Host.Catalogue.OpenConfiguration(renamed.Configuration));
            description.Write();
            MachineLog.MachineRenamed(context.Logger, oldName, name);
        });
    }

    /// <summary>Reads a text; empty when there is none.</summary>
    /// <param name="key">The value's path.</param>
    public string Text(string key) => context.RegisteredConfiguration.Text(key);

    /// <summary>Sets the BIOS GUID.</summary>
    /// <param name="text">A braced GUID.</param>
    public void SetBiosGuid(string text) => Set(
        MachineOperation.ChangeFirmwareIdentity,
        ConfigurationKeys.BiosGuid,
        Guid.TryParseExact(text, "B", out Guid guid)
            ? FirmwareTexts.Format(guid)
            : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"'{text}' is no BIOS GUID. Its form is {{00000000-0000-0000-0000-000000000000}}."));

    /// <summary>Sets a text of the firmware.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="what">What it is, for texts.</param>
    /// <param name="text">The text.</param>
    public void SetFirmwareText(string key, string what, string? text)
    {
        if (!FirmwareTexts.IsUsable(text))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{text}' is no {what}: it has 1 to {FirmwareTexts.MaximumLength} printable ASCII characters and no backslash.");
        }

        Set(MachineOperation.ChangeFirmwareIdentity, key, text!);
    }

    /// <summary>Reads a value that is one of a few numbers.</summary>
    /// <typeparam name="T">The numbers.</typeparam>
    /// <param name="key">The value's path.</param>
    /// <param name="missing">What it is when there is none, or another number.</param>
    public T Choice<T>(string key, T missing)
        where T : struct, Enum
    {
        object value = Enum.ToObject(typeof(T), context.RegisteredConfiguration.Number(key, Convert.ToInt32(missing, null)));
        return Enum.IsDefined((T)value) ? (T)value : missing;
    }

    /// <summary>Changes one value of the .vmc file, and raises the event.</summary>
    /// <param name="operation">What the state must allow.</param>
    /// <param name="key">The value's path.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="VirtualMachineException">The state does not allow it, or the file could not be written.</exception>
    public void Set(MachineOperation operation, string key, object value)
    {
        if (operation == MachineOperation.ChangeFreeSetting)
        {
            power.Demand(operation);
            context.Configuration.Set(key, value);
        }
        else
        {
            power.InTurn(operation, () => context.Configuration.Set(key, value));
        }

        context.RaiseConfigurationChanged(key, value);
    }

    /// <summary>Refuses a size of memory that a machine cannot have.</summary>
    /// <param name="megabytes">The size.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>.</exception>
    public static void CheckMemory(int megabytes)
    {
        if (megabytes is < MachineConfiguration.MinimumMemoryMegabytes or > MachineConfiguration.MaximumMemoryMegabytes)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"A machine's memory cannot be {megabytes} MB. " +
                $"It has {MachineConfiguration.MinimumMemoryMegabytes} to {MachineConfiguration.MaximumMemoryMegabytes} MB.");
        }
    }

    /// <summary>Any value may have been set, also one that the description shows.</summary>
    private void OnValueChanged(string key, object? value)
    {
        context.RaiseConfigurationChanged(key, value);
        description.Write();
    }
}
