using System.Text;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Onboarding;

/// <summary>
/// Where people change the registry while the product runs: every change is checked, kept with its audit, and then in force for decoder,
/// twins, alarms and pages, in this order. Thread-safe; one change at a time.
/// </summary>
/// <remarks>
/// The version of a device is checked twice: against the registry, and in the ledger's transaction, since another process (the command
/// line) may write beside this one. What another process wrote comes in with <see cref="RefreshAsync"/>.
/// </remarks>
public sealed class DeviceDesk(DeviceRegistry registry, IRegistryLedger ledger, DeviceEditor editor, Seeds seeds, IClock clock) : IDisposable
{
    /// <summary>Longest <see cref="Device.Note"/>.</summary>
    public const int MaxNoteLength = 500;

    private readonly SemaphoreSlim _gate = new(1);
    private long _revision;

    /// <summary>Takes over what was changed elsewhere, or before a restart.</summary>
    public async Task RefreshAsync(CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            await TakeOverAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Adds a device that a person writes down.</summary>
    public Task<DeskAnswer> CreateAsync(string source, string key, DeviceEdit edit, Actor actor, CancellationToken stopping) =>
        AtDeskAsync(async () =>
        {
            if (registry.TryFind(ApiIds.Of(source, key), out Device? known))
                return DeskAnswer.Of(DeskOutcome.Exists, known);

            var faults = new List<EditFault>();
            CheckIdentity(source, key, faults);
            Device device = editor.Apply(Blank(source, key), edit with { Family = new Given<string>(edit.Family.Value) }, Today, IsDevice, faults);
            return faults.Count > 0
                ? new DeskAnswer(DeskOutcome.Invalid, null, faults)
                : await KeepAsync([new DeviceChange("device.create", null, device)], actor, stopping);
        }, stopping);

    /// <summary>Does something with a device.</summary>
    /// <param name="apiId">Which.</param>
    /// <param name="version">The version that the person saw.</param>
    /// <param name="action">What.</param>
    /// <param name="edit">Fields that change with it.</param>
    /// <param name="note">Why, for a rejection or retirement.</param>
    /// <param name="actor">Who.</param>
    /// <param name="stopping">Gives up before anything is kept.</param>
    public Task<DeskAnswer> ChangeAsync(string apiId, int version, DeskAction action, DeviceEdit edit, string? note, Actor actor, CancellationToken stopping) =>
        AtDeskAsync(async () =>
        {
            if (!registry.TryFind(apiId, out Device? device))
                return DeskAnswer.Of(DeskOutcome.NotFound);
            if (device.Version != version)
                return DeskAnswer.Of(DeskOutcome.StaleVersion, device);
            if (Moved(device, action, note) is not { } moved)
                return DeskAnswer.Of(DeskOutcome.NotAllowed, device);

            var faults = new List<EditFault>();
            CheckNote(note, faults);
            Device after = editor.Apply(moved, edit, Today, IsDevice, faults);
            if (faults.Count > 0)
                return new DeskAnswer(DeskOutcome.Invalid, device, faults);
            if (DeviceFields.Changed(device, after).Count == 0)
                return DeskAnswer.Of(DeskOutcome.Done, device);

            string name = $"device.{char.ToLowerInvariant(action.ToString()[0])}{action.ToString()[1..]}";
            return await KeepAsync([new DeviceChange(name, device, after with { Version = device.Version + 1 })], actor, stopping);
        }, stopping);

    /// <summary>Puts other hardware in a device's place: the new key takes over name and place, the old one is retired with its history.</summary>
    /// <param name="apiId">The device that goes.</param>
    /// <param name="version">The version of it that the person saw.</param>
    /// <param name="source">Source of the new one.</param>
    /// <param name="key">Key of the new one: unknown, or unclaimed so far.</param>
    /// <param name="note">Why.</param>
    /// <param name="actor">Who.</param>
    /// <param name="stopping">Gives up before anything is kept.</param>
    /// <returns>The new device, when done.</returns>
    public Task<DeskAnswer> ReplaceAsync(string apiId, int version, string source, string key, string? note, Actor actor, CancellationToken stopping) =>
        AtDeskAsync(async () =>
        {
            if (!registry.TryFind(apiId, out Device? old))
                return DeskAnswer.Of(DeskOutcome.NotFound);
            if (old.Version != version)
                return DeskAnswer.Of(DeskOutcome.StaleVersion, old);
            if (!old.Claimed || old.ReplacedBy is not null)
                return DeskAnswer.Of(DeskOutcome.NotAllowed, old);

            var faults = new List<EditFault>();
            CheckIdentity(source, key, faults);
            CheckNote(note, faults);
            if (faults.Count > 0)
                return new DeskAnswer(DeskOutcome.Invalid, old, faults);
            if (registry.TryFind(ApiIds.Of(source, key), out Device? known) && known.Standing != DeviceStanding.Unclaimed)
                return DeskAnswer.Of(DeskOutcome.Exists, known);

            return await KeepAsync(Replacement(old, known, source, key, note), actor, stopping);
        }, stopping);

    /// <summary>Brings in devices out of a table: good rows are kept together, bad ones reported.</summary>
    /// <param name="csv">The table.</param>
    /// <param name="dryRun">Only say what would happen.</param>
    /// <param name="actor">Who.</param>
    /// <param name="stopping">Gives up before anything is kept.</param>
    public async Task<ImportReport> ImportAsync(string csv, bool dryRun, Actor actor, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            while (true)
            {
                ImportPlan plan = new DeviceImport(registry, editor, Today).Plan(csv);
                if (dryRun || plan.Changes.Count == 0 || (await KeepAsync(plan.Changes, actor, stopping)).Outcome == DeskOutcome.Done)
                    return plan.Report(dryRun);

                // Another process changed one of them meanwhile; its change has come in, and the rows are judged again.
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private LocalDate Today => VietnamTime.DateOf(clock.GetCurrentInstant());

    private bool IsDevice(string apiId) => registry.TryFind(apiId, out _);

    private Device Blank(string source, string key) => new() { Source = source, Key = key, Name = key, Family = Families.Other, Period = editor.DefaultPeriod };

    private Device? Moved(Device device, DeskAction action, string? note)
    {
        Instant now = clock.GetCurrentInstant();
        return (action, device.Standing) switch
        {
            (DeskAction.Update, not DeviceStanding.Rejected) => device,
            (DeskAction.Claim, DeviceStanding.Unclaimed) => device with { Standing = DeviceStanding.InService },
            (DeskAction.Reject, DeviceStanding.Unclaimed) => device with { Standing = DeviceStanding.Rejected, RefusedFrom = now, Note = note },
            (DeskAction.Lift, DeviceStanding.Rejected) => device with { Standing = DeviceStanding.Unclaimed, RefusedFrom = null, Note = null },
            (DeskAction.Retire, DeviceStanding.InService) => device with { Standing = DeviceStanding.Retired, RefusedFrom = now, Note = note },
            (DeskAction.Return, DeviceStanding.Retired) => device with { Standing = DeviceStanding.InService, RefusedFrom = null, Note = null },
            _ => null,
        };
    }

    private List<DeviceChange> Replacement(Device old, Device? known, string source, string key, string? note)
    {
        Device fresh = (known ?? Blank(source, key)) with
        {
            Name = old.Name,
            Family = old.Family,
            Profile = known?.Profile ?? old.Profile,
            Site = old.Site,
            Area = old.Area,
            Position = old.Position,
            Period = old.Period,
            Parent = old.Parent,
            Parameters = old.Parameters,
            TimeZone = old.TimeZone,
            Standing = DeviceStanding.InService,
            Replaces = old.ApiId,
            Version = (known?.Version ?? 0) + 1,
        };
        string freshId = ApiIds.Of(source, key);
        Device gone = old with
        {
            Standing = DeviceStanding.Retired,
            RefusedFrom = old.RefusedFrom ?? clock.GetCurrentInstant(),
            Note = note ?? old.Note,
            ReplacedBy = freshId,
            Version = old.Version + 1,
        };

        // Who was heard through the old concentrator is heard through the new one.
        return
        [
            new DeviceChange("device.replace", known, seeds.Placed(fresh, Today)),
            new DeviceChange("device.replace", old, gone),
            .. registry.All.Where(device => device.Parent == old.ApiId && device.ApiId != freshId)
                .Select(device => new DeviceChange("device.replace", device, device with { Parent = freshId, Version = device.Version + 1 })),
        ];
    }

    private async Task<DeskAnswer> AtDeskAsync(Func<Task<DeskAnswer>> work, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }

    // Kept first, then in force. The answer shows the first change's device.
    private async Task<DeskAnswer> KeepAsync(IReadOnlyList<DeviceChange> changes, Actor actor, CancellationToken stopping)
    {
        if (await ledger.SaveAsync(changes, actor, clock.GetCurrentInstant(), stopping))
            return DeskAnswer.Of(DeskOutcome.Done, registry.Put([.. changes.Select(change => change.After)])[0]);

        await TakeOverAsync(stopping);
        registry.TryFind(ApiIds.Of(changes[0].After.Source, changes[0].After.Key), out Device? current);
        return DeskAnswer.Of(DeskOutcome.StaleVersion, current);
    }

    private async Task TakeOverAsync(CancellationToken stopping)
    {
        (long revision, IReadOnlyList<Device> devices) = await ledger.ReadSinceAsync(_revision, stopping);
        LocalDate today = Today;
        registry.Put([.. devices.Where(IsNewer).Select(device => seeds.Placed(device, today))]);
        _revision = revision;
    }

    // What this process wrote itself comes back too; it is in force already.
    private bool IsNewer(Device device) =>
        !registry.TryFind(ApiIds.Of(device.Source, device.Key), out Device? known) || known.Version < device.Version || (known.Version == 1 && device.Version == 1);

    internal static void CheckIdentity(string source, string key, ICollection<EditFault> faults)
    {
        if (!IsDecent(key))
            faults.Add(new EditFault("key", $"mã thiết bị trống, dài quá {DeviceRegistry.MaxPartBytes} byte hoặc có ký tự điều khiển", $"the key is empty, longer than {DeviceRegistry.MaxPartBytes} bytes or has control characters"));
        if (!IsDecent(source))
            faults.Add(new EditFault("source", $"nguồn trống, dài quá {DeviceRegistry.MaxPartBytes} byte hoặc có ký tự điều khiển", $"the source is empty, longer than {DeviceRegistry.MaxPartBytes} bytes or has control characters"));
    }

    private static bool IsDecent(string part) => part.Length > 0 && Encoding.UTF8.GetByteCount(part) <= DeviceRegistry.MaxPartBytes && !part.Any(char.IsControl);

    private static void CheckNote(string? note, ICollection<EditFault> faults)
    {
        if (note is { Length: > MaxNoteLength } || (note?.Any(c => char.IsControl(c) && c != '\n') ?? false))
            faults.Add(new EditFault("note", $"ghi chú dài quá {MaxNoteLength} ký tự hoặc có ký tự điều khiển", $"the note is longer than {MaxNoteLength} characters or has control characters"));
    }
}
