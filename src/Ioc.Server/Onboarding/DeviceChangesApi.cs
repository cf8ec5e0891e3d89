using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Ioc.Server.Api;

namespace Ioc.Server.Onboarding;

/// <summary>Devices: write down, claim, move, retire. Every change names the version that was seen and is audited.</summary>
internal static class DeviceChangesApi
{
    public static void MapDeviceChanges(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/devices", CreateAsync).WithSummary("Write a device down").Produces<DeviceView>(StatusCodes.Status201Created).WithRefusals();
        routes.MapPatch("/devices/{id}", UpdateAsync).WithSummary("Change a device: name, family, profile, place, period, parameters").Produces<DeviceView>().WithRefusals();
        routes.MapPost("/devices/{id}/claim", ClaimAsync).WithSummary("Take an unclaimed device on").Produces<DeviceView>().WithRefusals();
        routes.MapPost("/devices/{id}/replace", ReplaceAsync).WithSummary("Put other hardware in its place; answers with the new device").Produces<DeviceView>().WithRefusals();
        Step(routes, "reject", DeskAction.Reject, "Refuse an unclaimed device until that is lifted");
        Step(routes, "lift", DeskAction.Lift, "Let a rejected device speak again, as unclaimed");
        Step(routes, "retire", DeskAction.Retire, "Take a device out of service; its history stays");
        Step(routes, "return", DeskAction.Return, "Bring a retired device back");
    }

    private static void Step(IEndpointRouteBuilder routes, string path, DeskAction action, string summary) =>
        routes.MapPost($"/devices/{{id}}/{path}", async (DeviceRegistry registry, DeviceDesk desk, DeviceViews views, HttpContext http, string id, DeviceStepRequest request, CancellationToken stopping) =>
        {
            Device device = DevicesApi.Find(registry, id);
            return DeskAnswers.Result(await desk.ChangeAsync(device.ApiId, Seen(request.Version), action, DeviceEdit.Nothing, request.Note, Actors.Of(http), stopping), views, id);
        }).WithSummary(summary).Produces<DeviceView>().WithRefusals();

    private static async Task<IResult> CreateAsync(DeviceDesk desk, DeviceViews views, HttpContext http, NewDeviceRequest request, CancellationToken stopping)
    {
        string source = string.IsNullOrWhiteSpace(request.Source) ? Device.DefaultSource : request.Source;
        DeskAnswer answer = await desk.CreateAsync(source, request.Key ?? "", request.ToEdit(), Actors.Of(http), stopping);
        return DeskAnswers.Result(answer, views, request.Key ?? "", StatusCodes.Status201Created);
    }

    private static Task<IResult> UpdateAsync(DeviceRegistry registry, DeviceDesk desk, DeviceViews views, HttpContext http, string id, DeviceChangeRequest request, CancellationToken stopping) =>
        EditAsync(registry, desk, views, http, id, request, DeskAction.Update, stopping);

    private static Task<IResult> ClaimAsync(DeviceRegistry registry, DeviceDesk desk, DeviceViews views, HttpContext http, string id, DeviceChangeRequest request, CancellationToken stopping) =>
        EditAsync(registry, desk, views, http, id, request, DeskAction.Claim, stopping);

    private static async Task<IResult> EditAsync(
        DeviceRegistry registry, DeviceDesk desk, DeviceViews views, HttpContext http, string id, DeviceChangeRequest request, DeskAction action, CancellationToken stopping)
    {
        Device device = DevicesApi.Find(registry, id);
        return DeskAnswers.Result(await desk.ChangeAsync(device.ApiId, Seen(request.Version), action, request.ToEdit(), null, Actors.Of(http), stopping), views, id);
    }

    private static async Task<IResult> ReplaceAsync(DeviceRegistry registry, DeviceDesk desk, DeviceViews views, HttpContext http, string id, ReplaceRequest request, CancellationToken stopping)
    {
        Device device = DevicesApi.Find(registry, id);
        string source = string.IsNullOrWhiteSpace(request.Source) ? device.Source : request.Source;
        return DeskAnswers.Result(
            await desk.ReplaceAsync(device.ApiId, Seen(request.Version), source, request.Key?.Trim() ?? "", request.Note, Actors.Of(http), stopping), views, id);
    }

    private static int Seen(int? version) =>
        version ?? throw new BadParameterException("version", "'version' is needed: the version of the device that was seen.");

    private static RouteHandlerBuilder WithRefusals(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
}
