using Ioc.Broker.Transports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class OriginRuleTests
{
    [Theory]
    [InlineData(null, "127.0.0.1:8080", "a device is no page")]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080", "our own page")]
    [InlineData("http://[::1]:8080", "[::1]:8080", "our own page")]
    [InlineData("http://localhost:8080", "LOCALHOST:8080", "our own page")]
    [InlineData("https://192.0.2.1", "192.0.2.1", "our own page behind a proxy that adds TLS")]
    [InlineData("https://ioc.example.vn", "127.0.0.1:8080", "listed")]
    [InlineData("https://ioc.example.vn:443", "127.0.0.1:8080", "listed, with the port it has anyway")]
    public void A_request_may_go_on(string? origin, string host, string why) =>
        Assert.True(Allows(origin, host), why);

    [Theory]
    [InlineData("https://evil.example", "127.0.0.1:8080", "another site")]
    [InlineData("http://127.0.0.1:3000", "127.0.0.1:8080", "another port is another program")]
    [InlineData("http://localhost:8080", "127.0.0.1:8080", "another name")]
    [InlineData("http://evil.example:8080", "evil.example:8080", "a name that its owner points at our address")]
    [InlineData("http://ioc.example.vn", "127.0.0.1:8080", "listed with TLS only")]
    [InlineData("https://ioc.example.vn.evil.example", "127.0.0.1:8080", "a longer name")]
    [InlineData("null", "127.0.0.1:8080", "a page without an origin")]
    [InlineData("file://", "127.0.0.1:8080", "a file")]
    public void A_page_of_another_site_may_not(string origin, string host, string why) =>
        Assert.False(Allows(origin, host), why);

    private static bool Allows(string? origin, string host)
    {
        var options = new TransportOptions();
        options.WebSocket.Origins.Add("https://ioc.example.vn");
        var context = new DefaultHttpContext();
        context.Request.Headers.Origin = origin;
        context.Request.Host = new HostString(host);
        return new OriginRule(Options.Create(options)).Allows(context.Request);
    }
}
