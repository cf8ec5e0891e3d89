# Build with SDK and Node, run with the ASP.NET runtime only. ICU and time zones are in the Debian-based image: Vietnamese needs them.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /ioc
COPY . .
RUN dotnet publish src/Ioc.Server -c Release -o /out

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /ioc
COPY --from=build /out .
RUN mkdir /data && chown app /data
USER app
VOLUME /data
# The container's own addresses are open inside it; docker-compose.yml publishes both ports on the host's loopback only.
ENV Data__Path=/data \
    Urls=http://0.0.0.0:8080 \
    Web__PublishedOnLoopback=true \
    Mqtt__Bind__0=0.0.0.0 \
    Mqtt__AllowAnonymous=true
EXPOSE 1883 8080
ENTRYPOINT ["dotnet", "ioc.dll"]
