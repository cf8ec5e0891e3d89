using Ioc.Alarms;
using Ioc.Broker;
using Ioc.Devices;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Server.Access;
using Ioc.Server.Api;
using Ioc.Server.Hosting;
using Ioc.Server.Live;
using Ioc.Server.Onboarding;
using Ioc.Server.Pipeline;
using Ioc.Server.ProfileTools;
using Ioc.Server.Replay;
using Ioc.Storage;

if (args is ["credential", .. var rest])
    return await CredentialVerb.RunAsync(rest);
if (args is ["device", .. var order])
    return await DeviceVerb.RunAsync(order);
if (args is ["profile", .. var words])
    return await ProfileVerb.RunAsync(words);

if (args is ["quarantine", .. var question])
    return await QuarantineVerb.RunAsync(question);
if (args is ["replay", .. var again])
    return await ReplayVerb.RunAsync(again);

var command = CommandLine.Parse(args);
if (command.Verb == Verb.Help || command.Unknown is not null)
    return Greeting.Help(command.Unknown);
if (command.Verb == Verb.Version)
    return Greeting.Version();

try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = command.Settings,
        ContentRootPath = AppContext.BaseDirectory,
        WebRootPath = "wwwroot",
    });
    IConfiguration settings = builder.Configuration;
    ServerPaths paths = ServerPaths.Of(settings, command.Demo);
    using Listeners listeners = Listeners.Bind(settings);

    builder.AddListeners(listeners, paths);
    builder.Services
        .AddBroker(settings.GetSection("Mqtt"))
        .AddJournal(settings.GetSection("Journal"), paths.Data)
        .AddDevices(settings.GetSection("Devices"), paths.Seeds, paths.MetricCatalogue)
        .AddProfiles(settings.GetSection("Profiles"), paths.Data)
        .AddAlarms(settings.GetSection("Alarms"))
        .AddStorage(settings.GetSection("Storage"), paths.Data)
        .AddPipeline(settings.GetSection("Pipeline"))
        .AddOnboarding()
        .AddApi()
        .AddLive();
    if (command.Demo)
        builder.Services.AddHostedService<DemoFleet>();

    await using WebApplication app = builder.Build();
    app.MapDashboard();
    app.MapApi();
    app.MapLive();
    await app.StartAsync();
    Greeting.Ready(listeners, paths, command.Demo);
    await app.WaitForShutdownAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (Greeting.Explain(e) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 2;
}
