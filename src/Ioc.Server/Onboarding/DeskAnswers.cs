using Ioc.Devices.Onboarding;
using Ioc.Server.Api;

namespace Ioc.Server.Onboarding;

/// <summary>One reason why a device cannot be as wished.</summary>
/// <param name="Field">Which member of the request.</param>
/// <param name="Vi">Why, in Vietnamese.</param>
/// <param name="En">Why, in English.</param>
public sealed record FieldFault(string Field, string Vi, string En);

/// <summary>The desk's answers in the words of HTTP.</summary>
internal static class DeskAnswers
{
    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["period_s"] = "periodSeconds",
        ["params"] = "parameters",
        ["time_zone"] = "timeZone",
        ["lat"] = "position",
    };

    public static IResult Result(DeskAnswer answer, DeviceViews views, string id, int done = StatusCodes.Status200OK) => answer.Outcome switch
    {
        DeskOutcome.Done when done == StatusCodes.Status201Created => Results.Created($"/api/devices/{Uri.EscapeDataString(answer.Device!.ApiId)}", views.Of(answer.Device!)),
        DeskOutcome.Done => Results.Ok(views.Of(answer.Device!)),
        DeskOutcome.NotFound => throw new UnknownDeviceException(id),
        DeskOutcome.Invalid => Invalid(answer.Faults),
        DeskOutcome.StaleVersion => Conflict(answer, views, "The device has changed.", $"It is at version {answer.Device?.Version} now."),
        DeskOutcome.Exists => Conflict(answer, views, "The device exists.", $"There is a device '{answer.Device?.ApiId}' already."),
        _ => Conflict(answer, views, "Not in this standing.", $"The device is {Words.Of(answer.Device!.Standing)}; this cannot be done with it."),
    };

    private static IResult Invalid(IReadOnlyList<EditFault> faults)
    {
        FieldFault[] named = [.. faults.Select(fault => new FieldFault(Members.GetValueOrDefault(fault.Column, fault.Column), fault.Vi, fault.En))];
        return Results.Problem(
            statusCode: StatusCodes.Status400BadRequest,
            title: "The device cannot be so.",
            detail: string.Join("; ", named.Select(fault => fault.En)),
            extensions: new Dictionary<string, object?> { ["parameter"] = named[0].Field, ["faults"] = named });
    }

    private static IResult Conflict(DeskAnswer answer, DeviceViews views, string title, string detail) => Results.Problem(
        statusCode: StatusCodes.Status409Conflict,
        title: title,
        detail: detail,
        extensions: new Dictionary<string, object?> { ["current"] = answer.Device is null ? null : views.Of(answer.Device) });
}
