namespace Ioc.Server.Access;

/// <summary>Who may connect, who may not, and who was refused.</summary>
internal static class AccessApi
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapCredentials();
        routes.MapBans();
        routes.MapRefusals();
    }
}
