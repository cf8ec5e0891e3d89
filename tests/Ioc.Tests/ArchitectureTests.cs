using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Xunit;

namespace Ioc.Tests;

/// <summary>The rooms and the doors between them: the table of docs/architecture.md, kept by reading the project files.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ioc.Mqtt"] = [],
        ["Ioc.Broker"] = ["Ioc.Mqtt"],
        ["Ioc.Journal"] = [],
        ["Ioc.Devices"] = [],
        ["Ioc.Profiles"] = ["Ioc.Devices"],
        ["Ioc.Alarms"] = ["Ioc.Devices"],
        ["Ioc.Storage"] = ["Ioc.Devices", "Ioc.Alarms"],
        ["Ioc.Server"] = ["Ioc.Broker", "Ioc.Journal", "Ioc.Devices", "Ioc.Profiles", "Ioc.Alarms", "Ioc.Storage", "Ioc.Simulators"],
        ["Ioc.Simulators"] = ["Ioc.Mqtt"],
    };

    // Database packages belong to one room; so does MQTT's wire to another.
    private static readonly Dictionary<string, string> OwnerOf = new()
    {
        ["Microsoft.EntityFrameworkCore.Sqlite"] = "Ioc.Storage",
        ["Microsoft.AspNetCore.OpenApi"] = "Ioc.Server",
        ["Spectre.Console"] = "Ioc.Simulators",
    };

    public static TheoryData<string> Rooms() => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_it_may_know(string room)
    {
        string[] references = [.. Project(room).Descendants("ProjectReference")
            .Select(reference => ((string)reference.Attribute("Include")!).Replace("$(SimulatorProject)", "Ioc.Simulators.csproj", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

        Assert.Empty(references.Except(Allowed[room]));
    }

    [Fact]
    public void The_server_brings_the_simulator_along_but_does_not_know_it()
    {
        XElement simulator = Assert.Single(Project("Ioc.Server").Descendants("ProjectReference"), reference => ((string)reference.Attribute("Include")!).Contains("Simulator", StringComparison.Ordinal));

        Assert.Equal("false", (string?)simulator.Attribute("ReferenceOutputAssembly"));
    }

    [Theory, MemberData(nameof(Rooms))]
    public void A_package_with_an_owner_is_used_by_no_other_room(string room)
    {
        IEnumerable<string> packages = Project(room).Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!);

        Assert.DoesNotContain(packages, package => OwnerOf.TryGetValue(package, out string? owner) && owner != room);
    }

    [Fact]
    public void Every_project_under_src_is_in_the_table()
    {
        IEnumerable<string> projects = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)!;

        Assert.Empty(projects.Except(Allowed.Keys));
    }

    private static XDocument Project(string room) => XDocument.Load(Path.Combine(Root(), room == "Ioc.Simulators" ? "simulators" : "src", room, room + ".csproj"));

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
