using System.ComponentModel;
using System.Text;
using Ioc.Devices.Onboarding;
using Ioc.Server.Api;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Onboarding;

/// <summary>Many devices at once, out of a spreadsheet.</summary>
internal static class ImportApi
{
    // 20,000 rows of 400 bytes.
    private const int MaxBytes = 8 * 1024 * 1024;

    public static void MapImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/devices/import", ImportAsync).WithSummary("Create and update devices from a CSV table; good rows are kept, bad ones reported")
            .Accepts<string>("text/csv").Produces<ImportReport>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes));

    private static async Task<ImportReport> ImportAsync(
        DeviceDesk desk,
        HttpContext http,
        [FromQuery, Description("true: only say what would happen")] string? dryRun,
        CancellationToken stopping)
    {
        if (dryRun is not (null or "" or "true" or "false"))
            throw new BadParameterException("dryRun", $"'{dryRun}' is neither true nor false.");

        return await desk.ImportAsync(await TextAsync(http.Request.Body, stopping), dryRun == "true", Actors.Of(http), stopping);
    }

    private static async Task<string> TextAsync(Stream body, CancellationToken stopping)
    {
        try
        {
            using var reader = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
            return await reader.ReadToEndAsync(stopping);
        }
        catch (DecoderFallbackException)
        {
            throw new BadParameterException("body", "The table is not UTF-8. In a spreadsheet choose 'CSV UTF-8'.");
        }
    }
}
