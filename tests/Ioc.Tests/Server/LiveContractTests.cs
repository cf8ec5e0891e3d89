using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ioc.Server.Api;
using Ioc.Server.Live;
using Xunit;

namespace Ioc.Tests.Server;

/// <summary>The dashboard's contract file and the server's records say the same, name by name.</summary>
public sealed partial class LiveContractTests
{
    public static TheoryData<string, Type> Messages() => new()
    {
        { "JoinRequest", typeof(JoinRequest) },
        { "ZoneInfo", typeof(LiveZone) },
        { "MetricInfo", typeof(LiveMetric) },
        { "LiveDevice", typeof(LiveDevice) },
        { "DeviceChange", typeof(LiveChange) },
        { "LocalizedText", typeof(LocalizedText) },
        { "Alarm", typeof(AlarmView) },
        { "Snapshot", typeof(LiveSnapshot) },
        { "Changes", typeof(LiveChanges) },
        { "AlarmChanged", typeof(LiveAlarm) },
        { "Beat", typeof(LiveBeat) },
    };

    [Theory, MemberData(nameof(Messages))]
    public void Both_sides_of_the_hub_name_the_same_members_in_the_same_order(string name, Type record)
    {
        IEnumerable<string> ours = record.GetConstructors()[0].GetParameters().Select(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!));

        Assert.Equal(ours, MembersOf(name));
    }

    [Fact]
    public void Every_interface_of_the_contract_file_is_compared()
    {
        IEnumerable<string> theirs = InterfaceName().Matches(Contract()).Select(match => match.Groups[1].Value);

        Assert.Equal(Messages().Select(row => row.Data.Item1).Order(), theirs.Order());
    }

    private static IEnumerable<string> MembersOf(string name)
    {
        Match body = Regex.Match(Contract(), $@"export interface {name} \{{(.*?)\n\}}", RegexOptions.Singleline);
        Assert.True(body.Success, $"contract.ts has no interface {name}");
        return Member().Matches(body.Groups[1].Value).Select(match => match.Groups[1].Value);
    }

    private static string Contract([CallerFilePath] string thisFile = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src", "Ioc.Dashboard", "live", "contract.ts"));

    [GeneratedRegex(@"^export interface (\w+)", RegexOptions.Multiline)]
    private static partial Regex InterfaceName();

    [GeneratedRegex(@"^  (\w+)\??:", RegexOptions.Multiline)]
    private static partial Regex Member();
}
