using System.Collections.Concurrent;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Ioc.SystemTests.Live;

/// <summary>The pages in a real browser, against the real server with its demonstration city.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private IocProcess _server = null!;
    private IPlaywright? _playwright;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        if (Programs.Find("chromium") is not { } chromium)
            return;

        _server = await IocProcess.StartAsync(_folder.FullName, 0, "--demo");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        await Wait.UntilAsync(async () => (await _server.BalanceAsync()).Stored > 500, 60, "the city has sent its first readings");
    }

    public async ValueTask DisposeAsync()
    {
        if (_playwright is not null)
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Every_page_opens_on_desk_and_phone_stays_within_its_width_and_asks_nobody_but_our_server()
    {
        Programs.Need("chromium");
        string device = (await _server.GetAsync("/api/devices?family=air&limit=1")).GetProperty("items")[0].GetProperty("id").GetString()!;

        foreach ((int width, int height) in ((int, int)[])[(1920, 1080), (390, 844)])
        {
            foreach (string path in (string[])["/", "/devices", $"/devices/{device}", "/alarms", "/system"])
            {
                await using IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
                var complaints = new ConcurrentQueue<string>();
                IPage page = await context.NewPageAsync();
                page.Console += (_, message) => { if (message.Type == "error") complaints.Enqueue(message.Text); };
                page.PageError += (_, error) => complaints.Enqueue(error);
                page.Request += (_, request) => { if (!IsOurs(request.Url)) complaints.Enqueue($"asked {request.Url}"); };

                await page.GotoAsync(new Uri(_server.Web.BaseAddress!, path).ToString());
                await page.WaitForFunctionAsync("() => document.querySelector('main') && document.querySelector('main').innerText.trim().length > 20");

                Assert.Empty(complaints);
                Assert.Equal("vi", await page.EvaluateAsync<string>("document.documentElement.lang"));
                int scroll = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.True(scroll <= width, $"{path} is {scroll} px wide in a window of {width} px");
            }
        }
    }

    [Fact]
    public async Task A_frozen_server_is_noticed_though_its_socket_stays_open()
    {
        Programs.Need("chromium");
        IPage page = await _browser.NewPageAsync();
        await page.GotoAsync(new Uri(_server.Web.BaseAddress!, "/devices").ToString());
        await page.WaitForFunctionAsync("() => document.querySelector('main').innerText.trim().length > 20");

        using (System.Diagnostics.Process stop = System.Diagnostics.Process.Start("kill", ["-STOP", Pid()]))
            await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        try
        {
            await page.GetByText("Mất kết nối").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 20_000 });
        }
        finally
        {
            using System.Diagnostics.Process go = System.Diagnostics.Process.Start("kill", ["-CONT", Pid()]);
            await go.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await page.GetByText("Mất kết nối").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden, Timeout = 60_000 });
    }

    private string Pid() => _server.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private bool IsOurs(string url) => new Uri(url).Scheme is "data" or "blob" || new Uri(url).Authority == _server.Web.BaseAddress!.Authority;
}
