using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Onboarding;

/// <summary>Reads a table of devices as a spreadsheet writes it, and works out what each row would do. Used once; touches no registry.</summary>
/// <remarks>
/// A column that is missing leaves its values as they are; an empty cell clears. Rows are independent, except that a row may name a
/// concentrator of another row.
/// </remarks>
internal sealed class DeviceImport(DeviceRegistry registry, DeviceEditor editor, LocalDate today)
{
    /// <summary>Most rows of one table.</summary>
    public const int MaxRows = 20_000;

    private static readonly string[] Columns =
        ["key", "source", "name", "family", "profile", "site", "area", "lat", "lon", "period_s", "parent", "params", "time_zone"];

    private readonly List<ImportFault> _faults = [];
    private readonly List<(ImportRow Row, Device? Before, Device After)> _good = [];

    public ImportPlan Plan(string csv)
    {
        var table = new ImportTable(csv);
        int rows = 0;
        if (table.ReadHeader(Columns, ["key"], _faults))
        {
            // Two passes, since a concentrator may stand below its meters.
            List<(ImportRow Row, string ApiId)> read = [];
            var firstRows = new Dictionary<string, int>(StringComparer.Ordinal);
            while (rows <= MaxRows && table.TryRead(_faults, out ImportRow? row))
            {
                rows++;
                if (row is not null && Identify(row, firstRows) is { } apiId)
                    read.Add((row, apiId));
            }

            if (rows > MaxRows)
                return TooLong(rows);

            foreach ((ImportRow row, string apiId) in read)
                Judge(row, apiId, id => registry.TryFind(id, out _) || firstRows.ContainsKey(id));
        }

        DropOrphans();
        return new ImportPlan(
            rows,
            [.. _good.Select(good => new ImportLine(good.Row.Number, ApiIds.Of(good.After.Source, good.After.Key), good.Before is null, DeviceFields.Changed(good.Before, good.After)))],
            [.. _good.Where(good => DeviceFields.Changed(good.Before, good.After).Count > 0).Select(good => new DeviceChange("device.import", good.Before, good.After))],
            [.. _faults.OrderBy(fault => fault.Row)]);
    }

    private string? Identify(ImportRow row, Dictionary<string, int> firstRows)
    {
        (string source, string key) = IdentityOf(row);
        var faults = new List<EditFault>();
        DeviceDesk.CheckIdentity(source, key, faults);
        string apiId = ApiIds.Of(source, key);
        if (faults.Count == 0 && firstRows.TryGetValue(apiId, out int first))
            faults.Add(new EditFault("key", $"thiết bị '{key}' đã có ở dòng {first}", $"device '{key}' stands in row {first} already"));
        if (Add(row, faults))
            return null;

        firstRows[apiId] = row.Number;
        return apiId;
    }

    private void Judge(ImportRow row, string apiId, Func<string, bool> isDevice)
    {
        (string source, string key) = IdentityOf(row);
        registry.TryFind(apiId, out Device? before);
        var faults = new List<EditFault>();
        if (before?.Standing == DeviceStanding.Rejected)
            faults.Add(new EditFault("key", "thiết bị đang bị từ chối; bỏ từ chối trước", "the device is rejected; lift that first"));
        if (before?.Standing == DeviceStanding.Retired)
            faults.Add(new EditFault("key", "thiết bị đã ngừng sử dụng; đưa vào sử dụng lại trước", "the device is retired; bring it back first"));

        DeviceEdit edit = ImportCells.Read(row, source, faults);
        if (before is null && !edit.Family.IsGiven)
            faults.Add(new EditFault("family", "thiết bị mới cần có nhóm (cột family)", "a new device needs a family"));

        Device blank = new() { Source = source, Key = key, Name = key, Family = Families.Other, Period = editor.DefaultPeriod };
        Device after = editor.Apply((before ?? blank) with { Standing = DeviceStanding.InService }, edit, today, isDevice, faults);
        if (!Add(row, faults))
            _good.Add((row, before, before is null ? after : after with { Version = before.Version + 1 }));
    }

    // A meter whose concentrator's own row was bad would hang in the air.
    private void DropOrphans()
    {
        bool dropped = true;
        while (dropped)
        {
            HashSet<string> coming = [.. _good.Select(good => ApiIds.Of(good.After.Source, good.After.Key))];
            dropped = _good.RemoveAll(good =>
            {
                if (good.After.Parent is not { } parent || coming.Contains(parent) || registry.TryFind(parent, out _))
                    return false;

                _faults.Add(new ImportFault(good.Row.Number, "parent", $"dòng của bộ tập trung '{parent}' có lỗi", $"the row of concentrator '{parent}' is wrong"));
                return true;
            }) > 0;
        }
    }

    private static (string Source, string Key) IdentityOf(ImportRow row) =>
        (row["source"] is { Length: > 0 } source ? source : Device.DefaultSource, row["key"] ?? "");

    private bool Add(ImportRow row, List<EditFault> faults)
    {
        _faults.AddRange(faults.Select(fault => new ImportFault(row.Number, fault.Column, fault.Vi, fault.En)));
        return faults.Count > 0;
    }

    private static ImportPlan TooLong(int rows) =>
        new(rows, [], [], [new ImportFault(1, null, $"bảng có hơn {MaxRows} dòng; hãy chia nhỏ", $"the table has more than {MaxRows} rows; split it")]);
}
