using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Model;
using Ioc.Server.Pipeline;
using Ioc.Server.ProfileTools;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>A captured message to try.</summary>
/// <param name="Topic">Its topic name.</param>
/// <param name="Payload">Its payload; left out it is empty.</param>
/// <param name="Encoding">How <paramref name="Payload"/> is written: utf8 (the default), hex or base64.</param>
/// <param name="ReceivedAt">Arrival, ISO 8601 with offset; default now.</param>
/// <param name="Retain">Its RETAIN flag.</param>
/// <param name="Steps">Tell each field's way from the message to a reading.</param>
public sealed record DecodeRequest(string? Topic, string? Payload, string? Encoding, string? ReceivedAt, bool Retain = false, bool Steps = false);

/// <summary>A loaded profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">First twelve hexadecimal digits of the SHA-256 of its file.</param>
/// <param name="Vendor">Who makes the device.</param>
/// <param name="Model">Which device.</param>
/// <param name="Firmware">Which firmware line.</param>
/// <param name="Family">Family of the devices it creates.</param>
/// <param name="Topics">Topic patterns of its own; empty when an envelope brings them.</param>
/// <param name="Files">Its files, relative to the profile folder.</param>
public sealed record ProfileView(string Name, string? Version, string Vendor, string Model, string Firmware, string Family, IReadOnlyList<string> Topics, IReadOnlyList<string> Files);

/// <summary>Profiles: what is loaded, and what they make of a message. Nothing is stored and no device is created.</summary>
internal static class ProfilesApi
{
    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/profiles", (DecodeBench bench) => new Page<ProfileView>([.. bench.Profiles.Profiles.Select(profile => Of(profile, bench))], null))
            .WithSummary("The firmware profiles");
        routes.MapGet("/profiles/edition", EditionView.Of)
            .WithSummary("Which edition of the profile folder decodes new messages, since when, and what is wrong in the folder now");
        routes.MapPost("/profiles/reload", ReloadAsync)
            .WithSummary("Looks at the profile folder now; a folder with mistakes changes nothing")
            .Produces<EditionView>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapPost("/profiles/decode", Decode).WithSummary("What the profiles make of a captured message; nothing is stored")
            .Produces<DecodeView>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    public static IServiceCollection AddProfileTools(this IServiceCollection services)
    {
        services.AddSingleton<BenchShelf>();
        return services.AddTransient(provider => provider.GetRequiredService<BenchShelf>().Current);
    }

    private static async Task<IResult> ReloadAsync(ProfileKeeper keeper, ProfileEditions editions, CancellationToken stopping)
    {
        try
        {
            await keeper.ReloadAsync(stopping);
            return Results.Ok(EditionView.Of(editions));
        }
        catch (Exception e) when (e is IOException or JournalFailedException or UnauthorizedAccessException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static DecodeView Decode(DecodeBench bench, DeviceRegistry registry, IClock clock, DecodeRequest request)
    {
        if (request.Topic is not { Length: > 0 and <= CapturedMessage.MaxTopicBytes } topic)
            throw new BadParameterException("topic", "'topic' is needed: the name of the topic that the message came on.");
        string encoding = request.Encoding ?? "utf8";
        if (encoding is not ("utf8" or "hex" or "base64"))
            throw new BadParameterException("encoding", $"'{encoding}' is none of utf8, hex, base64.");
        if (!CapturedMessage.TryPayload(request.Payload ?? "", encoding, out byte[] payload))
            throw new BadParameterException("payload", $"'payload' is not {encoding}.");

        Instant receivedAt = Parameters.Time("receivedAt", request.ReceivedAt) ?? clock.GetCurrentInstant();
        return bench.Decode(new CapturedMessage(topic, payload, receivedAt, request.Retain), [], key => Known(registry, key), request.Steps);
    }

    private static Device? Known(DeviceRegistry registry, string key)
    {
        DeviceId id = registry.Find(System.Text.Encoding.UTF8.GetBytes(Device.DefaultSource), System.Text.Encoding.UTF8.GetBytes(key));
        return id == DeviceId.None ? null : registry[id];
    }

    private static ProfileView Of(ProfileModel profile, DecodeBench bench) => new(
        profile.Name,
        bench.Outlines.GetValueOrDefault(profile.Name)?.Version,
        profile.Vendor,
        profile.Model,
        profile.Firmware,
        profile.Family,
        profile.Topics,
        [profile.File]);
}
