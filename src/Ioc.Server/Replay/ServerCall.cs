using System.Text.Json;

namespace Ioc.Server.Replay;

/// <summary>The running server, as the command line asks it. The data folder is the server's alone while it runs.</summary>
internal sealed class ServerCall : IDisposable
{
    private readonly HttpClient _http;

    public ServerCall(string? address)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string text = address ?? settings["Urls"]?.Split(';')[0] ?? "http://127.0.0.1:8080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps))
            throw new ServerCallException($"'{text}' is not an http or https address.");

        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(100) };
    }

    public Task<JsonElement> GetAsync(string path) => AnswerAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<JsonElement> PostAsync(string path, object body) => AnswerAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });

    public Task<JsonElement> DeleteAsync(string path) => AnswerAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> AnswerAsync(HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using HttpResponseMessage answer = await _http.SendAsync(request);
                JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
                return answer.IsSuccessStatusCode ? body : throw new ServerCallException(body.TryGetProperty("detail", out JsonElement detail) ? detail.GetString()! : answer.ReasonPhrase ?? "refused");
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException)
            {
                throw new ServerCallException($"No server answers at {_http.BaseAddress}: {e.Message} Start it, or name it with --server.");
            }
        }
    }
}

/// <summary>The server cannot be asked, or refuses; the message says why.</summary>
internal sealed class ServerCallException(string message) : Exception(message);
