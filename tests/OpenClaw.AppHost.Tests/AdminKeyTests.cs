using System.Net;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class AdminKeyTests(StackFixture fixture)
{
    [Fact]
    public async Task Start_NoKeySet_TheGeneratedOneOpensTheAdminApi()
    {
        using var admin = await fixture.Stack.ConnectToAdminAsync();
        using var anyone = new HttpClient { BaseAddress = admin.BaseAddress };

        using var answer = await admin.GetAsync("/policies");
        using var refusal = await anyone.GetAsync("/policies");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.True(fixture.Stack.AdminKey.Secret);
        Assert.True((await fixture.Stack.AdminKey.GetValueAsync(CancellationToken.None))!.Length >= 40);
    }

    [Fact]
    public async Task Start_KeyAndPortSetForTheAppHost_EveryReplicaIsHealthyAndHasThatKey()
    {
        const string Key = "a-key-that-somebody-set-for-the-whole-apphost";
        await using var stack = await Stack.StartAsync($"--OpenClaw:Edge:Admin:Key={Key}", "--OpenClaw:Edge:Admin:Port=9099");

        await stack.WaitUntilHealthyAsync();
        await stack.WaitForReplicasAsync(3);

        using var admin = await stack.ConnectToAdminAsync();
        Assert.Equal($"Bearer {Key}", $"{admin.DefaultRequestHeaders.Authorization}");
        for (var i = 0; i < 6; i++)
        {
            // One connection per request, so that every replica answers one.
            using var client = new HttpClient
            {
                BaseAddress = admin.BaseAddress,
                DefaultRequestHeaders = { Authorization = admin.DefaultRequestHeaders.Authorization }
            };
            using var answer = await client.GetAsync("/policies");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
