using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ioc.Storage.Influx;

/// <summary>The few requests made to InfluxDB. Thread-safe.</summary>
internal sealed partial class InfluxClient : IDisposable
{
    private readonly InfluxOptions _options;
    private readonly HttpClient _http;

    public InfluxClient(InfluxOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(options.Url.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        };
        if (!string.IsNullOrEmpty(options.Token))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", options.Token);
    }

    // InfluxDB 2.x answers InfluxQL under its bucket's name.
    private string Database => _options.Api == InfluxApi.V1 ? _options.Database : _options.Bucket!;

    /// <summary>Writes lines.</summary>
    /// <returns>How many points the server refused as malformed or conflicting; the others of the request are stored.</returns>
    /// <exception cref="StorageException">Nothing is known to be stored; worth another try.</exception>
    public async Task<int> WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        string address = _options.Api == InfluxApi.V1
            ? $"write?db={Uri.EscapeDataString(_options.Database)}&precision=ns"
            : $"api/v2/write?org={Uri.EscapeDataString(_options.Org!)}&bucket={Uri.EscapeDataString(_options.Bucket!)}&precision=ns";
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Compress(lines) };
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return 0;

        string said = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.BadRequest ? RefusedPoints(said) : throw Failure("write", response.StatusCode, said);
    }

    /// <summary>Makes the database where there are databases; one that exists stays as it is.</summary>
    public async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        if (_options.Api == InfluxApi.V2)
            return;

        string name = _options.Database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        string address = $"query?q={Uri.EscapeDataString($"CREATE DATABASE \"{name}\"")}";
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        using JsonDocument _ = await AnswerAsync(request, "create the database", cancellationToken);
    }

    /// <summary>Asks in InfluxQL; times in the answer are nanoseconds.</summary>
    /// <param name="influxQl">With <c>$name</c> where a value stands.</param>
    /// <param name="values">The values, by name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JsonDocument> QueryAsync(string influxQl, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        string address = $"query?db={Uri.EscapeDataString(Database)}&epoch=ns&q={Uri.EscapeDataString(influxQl)}&params={Uri.EscapeDataString(JsonSerializer.Serialize(values))}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await AnswerAsync(request, "answer a query", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Compress(ReadOnlyMemory<byte> lines)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(lines.Span);

        var content = new ByteArrayContent(compressed.GetBuffer(), 0, (int)compressed.Length);
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
        return content;
    }

    // "partial write: … dropped=3" after type conflicts and retention; "unable to parse '…': …" once per line otherwise.
    private static int RefusedPoints(string said)
    {
        Match dropped = Dropped().Match(said);
        return dropped.Success ? int.Parse(dropped.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : Math.Max(1, Unparsed().Count(said));
    }

    private async Task<JsonDocument> AnswerAsync(HttpRequestMessage request, string doing, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellationToken);
        string said = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw Failure(doing, response.StatusCode, said);

        JsonDocument answer = JsonDocument.Parse(said);
        foreach (JsonElement result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out JsonElement error))
                throw Failure(doing, response.StatusCode, error.GetString() ?? "");
        }

        return answer;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new StorageException($"InfluxDB at {_options.Url} does not answer: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageException($"InfluxDB at {_options.Url} does not answer within {_options.TimeoutSeconds} s.", e);
        }
    }

    private StorageException Failure(string doing, HttpStatusCode status, string said) =>
        new($"InfluxDB at {_options.Url} would not {doing}: {(int)status} {(said.Length > 300 ? said[..300] : said).Trim()}");

    [GeneratedRegex(@"dropped=(\d{1,9})")]
    private static partial Regex Dropped();

    [GeneratedRegex("unable to parse")]
    private static partial Regex Unparsed();
}
