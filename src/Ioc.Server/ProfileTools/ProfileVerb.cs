using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Profiles.Preview;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary><c>ioc profile …</c>: works on files alone; no data folder, no ports, no server.</summary>
internal static class ProfileVerb
{
    public const string Help = """
        Usage: ioc profile check [FOLDER]
               ioc profile decode --topic T [--payload FILE|-] [--hex] [--received-at TIME] [--retain]
                                  [--profile NAME] [--param NAME=VALUE]… [--zone ZONE] [--steps]
               ioc profile decode --samples FILE [--json]
               ioc profile new --topic T [--payload FILE|-]
               ioc profile schema [--envelope]

          check   everything wrong in a profile folder at once, each with file, line and mend
          decode  what the profiles make of one message, as a JSON object; or of every sample of a file
          new     prints a profile to start from, made of a captured JSON message
          schema  prints the JSON Schema of profiles (or envelopes) for editors

          --payload FILE    the payload's bytes; - (the default) is standard input
          --hex             the payload is written in hexadecimal
          --received-at     arrival, such as 2026-11-22T03:00:00Z; default now
          --profile NAME, --param, --zone   what the registry says of the device
          --steps           tells each field's way from the message to a reading
          --profiles FOLDER default: Profiles:Path of the settings, or what came with the program

        Ends with 0; 1 when the folder has errors or a sample fails; 2 when a word or file cannot be read.
        """;

    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantJson() },
    };

    private static readonly JsonSerializerOptions Indented = new(Lines) { WriteIndented = true };

    public static async Task<int> RunAsync(string[] args)
    {
        ProfileArguments parsed = ProfileArguments.Parse(args);
        if (parsed.Fault is { } fault)
            return await RefuseAsync($"{fault}\n\n{Help}");

        try
        {
            return parsed.Action switch
            {
                "check" => Check(ProfileFolder.Of(parsed.Folder)),
                "new" => await NewAsync(parsed),
                "schema" => Schema(ProfileFolder.Of(parsed.Folder), parsed.IsEnvelope),
                _ => await DecodeAsync(parsed),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SampleFileException)
        {
            return await RefuseAsync(e.Message);
        }
    }

    private static int Check(ProfileFolder folder)
    {
        IReadOnlyList<string> errors = folder.Check(out DecodeBench? bench);
        foreach (string error in errors)
            Console.WriteLine(error);
        Console.WriteLine(bench is null ? $"{errors.Count} error{(errors.Count == 1 ? "" : "s")}" : $"{bench.Profiles.Profiles.Count} profiles, no errors");
        return bench is null ? 1 : 0;
    }

    private static int Schema(ProfileFolder folder, bool ofEnvelopes)
    {
        MetricCatalogue metrics = MetricCatalogueFile.Load(folder.MetricCatalogue);
        Console.Write(ofEnvelopes ? ProfileSchema.OfEnvelopes(folder.Path, metrics) : ProfileSchema.OfProfiles(folder.Path, metrics));
        return 0;
    }

    private static async Task<int> DecodeAsync(ProfileArguments parsed)
    {
        IReadOnlyList<string> errors = ProfileFolder.Of(parsed.Folder).Check(out DecodeBench? bench);
        if (bench is null)
        {
            foreach (string error in errors)
                await Console.Error.WriteLineAsync(error);
            return 1;
        }

        if (parsed.Samples is { } samples)
            return RunSamples(bench, SampleFile.Read(samples), parsed.IsJson);

        if (await ReadPayloadAsync(parsed) is not { } payload)
            return 2;

        var message = new CapturedMessage(parsed.Topic!, payload, parsed.ReceivedAt ?? SystemClock.Instance.GetCurrentInstant(), parsed.IsRetained);
        DecodeView view = bench.Decode(message, [], key => new Device
        {
            Key = key,
            Name = key,
            Family = Families.Other,
            Profile = parsed.Profile,
            Parameters = parsed.Parameters,
            TimeZone = parsed.Zone ?? VietnamTime.Zone,
        }, parsed.WithSteps);
        Console.WriteLine(JsonSerializer.Serialize(view, Indented));
        return 0;
    }

    private static int RunSamples(DecodeBench bench, IReadOnlyList<Sample> samples, bool isJson)
    {
        var counts = new Dictionary<string, int> { ["passed"] = 0, ["failed"] = 0, ["skipped"] = 0 };
        foreach (Sample sample in samples)
        {
            SampleResult result = SampleRun.Run(bench, sample);
            counts[result.Verdict]++;
            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(result.Line, Lines));
                continue;
            }

            Console.WriteLine($"{result.Verdict,-7} {sample.Id} {sample.Kind}");
            foreach (string difference in result.Differences)
                Console.WriteLine($"        {difference}");
        }

        (isJson ? Console.Error : Console.Out).WriteLine($"{counts["passed"]} passed, {counts["failed"]} failed, {counts["skipped"]} skipped");
        return counts["failed"] == 0 ? 0 : 1;
    }

    private static async Task<int> NewAsync(ProfileArguments parsed)
    {
        if (await ReadPayloadAsync(parsed) is not { } payload)
            return 2;

        ProfileFolder folder = ProfileFolder.Of(parsed.Folder);
        if (!ProfileSkeleton.TryWrite(parsed.Topic!, payload, Devices.Metrics.MetricCatalogueFile.Load(folder.MetricCatalogue), out string text))
            return await RefuseAsync(text);

        Console.Write(text);
        return 0;
    }

    /// <summary>Reads no more than a message may hold, whatever the file is.</summary>
    private static async Task<byte[]?> ReadPayloadAsync(ProfileArguments parsed)
    {
        await using Stream input = parsed.PayloadFile == "-" ? Console.OpenStandardInput() : File.OpenRead(parsed.PayloadFile);
        byte[] bytes = new byte[(parsed.IsHex ? 3 * CapturedMessage.MaxPayloadBytes : CapturedMessage.MaxPayloadBytes) + 1];
        int length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == bytes.Length)
        {
            await RefuseAsync($"The payload is longer than {CapturedMessage.MaxPayloadBytes} bytes.");
            return null;
        }

        if (!parsed.IsHex)
            return bytes[..length];
        if (CapturedMessage.TryHex(Encoding.ASCII.GetString(bytes, 0, length), out byte[] payload))
            return payload;

        await RefuseAsync("The payload is not hexadecimal: pairs of 0-9 and a-f, with or without spaces.");
        return null;
    }

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync($"ioc profile: {words}");
        return 2;
    }
}
