using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Story;

namespace Ioc.Simulators.Players;

/// <summary>Plays one device that speaks for itself: thinks of values and puts them into its firmware's format.</summary>
internal interface IPlayer
{
    FleetDevice Device { get; }

    /// <summary>Adds what the device sends at this moment. Moments must not go back.</summary>
    void Speak(in Moment moment, Plot plot, ICollection<OutgoingMessage> into);
}
