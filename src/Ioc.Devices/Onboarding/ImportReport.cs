namespace Ioc.Devices.Onboarding;

/// <summary>One row that cannot be taken, and why.</summary>
/// <param name="Row">As a spreadsheet counts: the header is row 1.</param>
/// <param name="Column">Which column; null when the whole row is meant.</param>
/// <param name="Vi">Why, in Vietnamese.</param>
/// <param name="En">Why, in English.</param>
public sealed record ImportFault(int Row, string? Column, string Vi, string En);

/// <summary>What a good row does.</summary>
/// <param name="Row">As a spreadsheet counts.</param>
/// <param name="Device">API id.</param>
/// <param name="IsNew">It was not there before.</param>
/// <param name="Fields">What changes; empty for a row that says what is so already.</param>
public sealed record ImportLine(int Row, string Device, bool IsNew, IReadOnlyList<FieldChange> Fields);

/// <summary>What an import did, or would do.</summary>
/// <param name="DryRun">Nothing was kept.</param>
/// <param name="Rows">Rows below the header.</param>
/// <param name="Created">Devices that were not there.</param>
/// <param name="Updated">Devices that changed.</param>
/// <param name="Unchanged">Rows that say what is so already.</param>
/// <param name="Failed">Rows that were not taken.</param>
/// <param name="Lines">Good rows that change something.</param>
/// <param name="Faults">Everything that is wrong, in the order of the rows.</param>
public sealed record ImportReport(
    bool DryRun, int Rows, int Created, int Updated, int Unchanged, int Failed, IReadOnlyList<ImportLine> Lines, IReadOnlyList<ImportFault> Faults);

/// <summary>An import thought through to the end, before anything is kept.</summary>
internal sealed record ImportPlan(int Rows, IReadOnlyList<ImportLine> Lines, IReadOnlyList<DeviceChange> Changes, IReadOnlyList<ImportFault> Faults)
{
    public ImportReport Report(bool dryRun) => new(
        dryRun,
        Rows,
        Lines.Count(line => line.IsNew),
        Lines.Count(line => line is { IsNew: false, Fields.Count: > 0 }),
        Lines.Count(line => line.Fields.Count == 0),
        Faults.Where(fault => fault.Row > 1).Select(fault => fault.Row).Distinct().Count(),
        [.. Lines.Where(line => line.Fields.Count > 0)],
        Faults);
}
